// Compares a provider's bill with what was booked. Every model and day that either side has is in the result once, so a row that was lost,
// doubled or altered shows as a difference of its amount. Pure.
import { add, type Amount, formatUsd, magnitude, subtract, sum, usd, ZERO } from '../../kernel/index.js';
import { addTokens, type Bill, lineKey, type LineStatus, type TokenKind, type Tokens } from './bill.js';
import type { BookedCosts, BookedLine } from './booked-costs.js';
import { toAmount } from './decimal.js';
import type { Explanation } from './explanations.js';
import { type Aliases, comparedName } from './model-names.js';

export interface ComparedLine {
  readonly day: string;
  readonly model: string;
  readonly status: LineStatus;
  /** Calls that were booked. */
  readonly calls: number;
  readonly booked: Amount;
  /** Of an earlier bill where this one has no costs; undefined without any. */
  readonly billed: Amount | undefined;
  /** Billed − booked. */
  readonly difference: Amount | undefined;
  readonly tokens: readonly ComparedTokens[];
  /** For a difference: the calls that may explain it. */
  readonly explanations: readonly Explanation[];
}

interface ComparedTokens {
  readonly kind: TokenKind;
  readonly booked: number;
  readonly billed: number;
}

export interface Comparison {
  /** Days, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly tolerance: Amount;
  readonly aliases?: Aliases;
  /** For a bill without costs: what earlier ones billed, in USD, by day and model. */
  readonly known?: ReadonlyMap<string, string>;
}

interface Sides {
  readonly day: string;
  readonly model: string;
  ours?: Omit<BookedLine, 'day' | 'model'>;
  theirs?: { readonly tokens: Tokens; readonly cost: bigint };
}

/** The lines of the days, by day and model. */
export function compare(
  bill: Bill,
  costs: BookedCosts,
  { from, to, tolerance, aliases = {}, known }: Comparison,
): ComparedLine[] {
  const { lines: booked, suspects } = costs.end();
  const isWithin = ({ day }: { readonly day: string }): boolean => day >= from && day <= to;
  const name = comparedName(new Set(booked.map(({ model }) => model)), aliases);
  const lines = new Map<string, Sides>();
  const sidesOf = (day: string, model: string): Sides => {
    const of = { day, model: name(model) };
    const line = lines.get(lineKey(of)) ?? of;
    lines.set(lineKey(of), line);
    return line;
  };
  for (const { day, model, ...line } of booked.filter(isWithin)) {
    const sides = sidesOf(day, model);
    sides.ours = sides.ours === undefined ? line : both(sides.ours, line);
  }
  for (const { day, model, tokens, cost } of bill.lines.filter(isWithin)) {
    const sides = sidesOf(day, model);
    const { theirs } = sides;
    sides.theirs = { tokens: addTokens(theirs?.tokens ?? {}, tokens), cost: (theirs?.cost ?? 0n) + cost };
  }
  return [...lines.values()]
    .map((sides) => {
      const earlier = known?.get(lineKey(sides));
      const line = judge(sides, bill, { tolerance, earlier });
      if (line.status === 'matched') return { ...line, explanations: [] };
      const isOfLine = (model: string): boolean => [...costs.sentFor(model)].some((sent) => name(sent) === line.model);
      return { ...line, explanations: suspects.of(line.day, isOfLine) };
    })
    .toSorted((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1));
}

const both = (a: NonNullable<Sides['ours']>, b: NonNullable<Sides['ours']>): NonNullable<Sides['ours']> => ({
  calls: a.calls + b.calls,
  tokens: addTokens(a.tokens, b.tokens),
  cost: add(a.cost, b.cost),
});

interface Judging {
  readonly tolerance: Amount;
  readonly earlier: string | undefined;
}

function judge(
  { day, model, ours, theirs }: Sides,
  bill: Bill,
  { tolerance, earlier }: Judging,
): Omit<ComparedLine, 'explanations'> {
  const booked = ours?.cost ?? ZERO;
  const billed = bill.hasCosts ? toAmount(theirs?.cost ?? 0n) : earlier === undefined ? undefined : usd(earlier);
  const difference = billed === undefined ? undefined : subtract(billed, booked);
  const tokens = bill.kinds.map((kind) => ({
    kind,
    booked: ours?.tokens[kind] ?? 0,
    billed: theirs?.tokens[kind] ?? 0,
  }));
  const isWithin = difference === undefined || magnitude(difference) <= tolerance;
  const isSame = isWithin && tokens.every((count) => count.booked === count.billed);
  const status = isSame
    ? 'matched'
    : ours === undefined
      ? 'theirs_only'
      : theirs === undefined
        ? 'ours_only'
        : 'differs';
  return { day, model, status, calls: ours?.calls ?? 0, booked, billed, difference, tokens };
}

const HUNDRED_PERCENT = 10_000n;

/** The difference as a percentage of what was booked, to two decimals, cut off; undefined where nothing was booked. */
export function percentageOf(difference: Amount, booked: Amount): string | undefined {
  if (booked === ZERO) return undefined;
  const parts = (difference * HUNDRED_PERCENT) / booked;
  const digits = (parts < 0n ? -parts : parts).toString().padStart(3, '0');
  return `${parts < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export interface ComparisonTotals {
  readonly booked: string;
  readonly billed: string | undefined;
  readonly difference: string | undefined;
  readonly open: number;
}

export function totalsOf(lines: readonly ComparedLine[], { hasCosts }: Pick<Bill, 'hasCosts'>): ComparisonTotals {
  const total = (field: 'booked' | 'billed' | 'difference'): string =>
    formatUsd(sum(lines.map((line) => line[field] ?? ZERO)));
  return {
    booked: total('booked'),
    billed: hasCosts ? total('billed') : undefined,
    difference: hasCosts ? total('difference') : undefined,
    open: lines.filter(({ status }) => status !== 'matched').length,
  };
}
