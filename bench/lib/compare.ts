// One run against another, and two builds within one run.
import { type Figure, figureOf, mebibytes, milliseconds, perSecond, printTable, times, withSpread } from './figures.ts';
import type { Measured } from './report.ts';

type Verdict = 'better' | 'worse' | 'same';

export interface Comparison {
  readonly target: string;
  readonly what: string;
  readonly before: Measured;
  readonly now: Measured;
  /** Now in parts of before. */
  readonly ratio: number;
  /** Worse or better by more than the spread of both. */
  readonly verdict: Verdict;
}

const spreadOf = ({ low, high }: Figure): number => (high - low) / 2;
const moreIsBetter = ({ unit }: Measured): boolean => unit === '/s';

/** Of a single round nobody knows the spread. */
const spreadIsKnown = (...figures: readonly Figure[]): boolean => figures.every(({ rounds }) => rounds.length > 1);

/** A difference counts when it is larger than half of what the rounds of each lie apart, together. */
function verdictOf(before: Measured, now: Measured): Verdict {
  const difference = now.median - before.median;
  const counts = spreadIsKnown(before, now) && Math.abs(difference) > spreadOf(before) + spreadOf(now);
  if (!counts) return 'same';
  return difference > 0 === moreIsBetter(now) ? 'better' : 'worse';
}

/** Every figure that both runs have. */
export function compare(before: readonly Measured[], now: readonly Measured[]): Comparison[] {
  return now.flatMap((figure) => {
    const { target, what } = figure;
    const earlier = before.find((each) => each.target === target && each.what === what);
    if (earlier === undefined) return [];
    return {
      target,
      what,
      before: earlier,
      now: figure,
      ratio: figure.median / earlier.median,
      verdict: verdictOf(earlier, figure),
    };
  });
}

const SHOWN = { ms: milliseconds, '/s': (value: number) => `${perSecond(value)} /s`, bytes: mebibytes };
const show = (figure: Measured): string => withSpread(figure, SHOWN[figure.unit]);
/** What is added may be nothing, or less: then a ratio says nothing. */
const ratioOf = (ratio: number, before: Figure): string => (before.median > 0 && ratio > 0 ? times(ratio) : '–');

export function printComparison(title: string, comparisons: readonly Comparison[]): void {
  printTable(
    title,
    ['', '', 'before', 'now', 'ratio', ''],
    comparisons.map(({ target, what, before, now, ratio, verdict }) => [
      target,
      what,
      show(before),
      show(now),
      ratioOf(ratio, before),
      verdict === 'same' ? '' : verdict,
    ]),
  );
  const worse = comparisons.filter(({ verdict }) => verdict === 'worse');
  console.log(
    worse.length === 0
      ? 'Nothing is worse by more than the spread of both.'
      : `Worse by more than the spread of both:\n${worse.map(({ target, what, ratio, before }) => `  ${target}, ${what}: × ${ratioOf(ratio, before)}`).join('\n')}`,
  );
}

export interface Pairing {
  readonly what: string;
  readonly one: Measured;
  readonly other: Measured;
  /** The other in parts of the one, within each round. */
  readonly ratio: Figure;
  readonly verdict: Verdict;
}

/** Two builds of one run: what counts is each round's own ratio, as others on the machine met both. The verdict must hold in every round. */
export function pair(figures: readonly Measured[], one: string, other: string): Pairing[] {
  return figures
    .filter(({ target }) => target === one)
    .flatMap((mine) => {
      const theirs = figures.find(({ target, what }) => target === other && what === mine.what);
      if (theirs === undefined || theirs.rounds.length !== mine.rounds.length) return [];
      const ratio = figureOf(mine.rounds.map((value, round) => (theirs.rounds[round] ?? Number.NaN) / value));
      return { what: mine.what, one: mine, other: theirs, ratio, verdict: inEveryRound(mine, theirs) };
    });
}

function inEveryRound(one: Measured, other: Measured): Verdict {
  if (!spreadIsKnown(one, other)) return 'same';
  const differences = one.rounds.map((value, round) => (other.rounds[round] ?? Number.NaN) - value);
  if (differences.every((difference) => difference > 0)) return moreIsBetter(one) ? 'better' : 'worse';
  if (differences.every((difference) => difference < 0)) return moreIsBetter(one) ? 'worse' : 'better';
  return 'same';
}

export function printPairing(one: string, other: string, pairings: readonly Pairing[]): void {
  printTable(
    `Round by round: ${other} in parts of ${one}`,
    ['', one, other, 'ratio', 'in every round'],
    pairings.map(({ what, one: mine, other: theirs, ratio, verdict }) => [
      what,
      show(mine),
      show(theirs),
      mine.low > 0 && theirs.low > 0 ? withSpread(ratio, times) : '–',
      verdict === 'same' ? '' : verdict,
    ]),
  );
}
