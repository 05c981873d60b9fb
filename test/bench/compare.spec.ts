import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, pair } from '../../bench/lib/compare.ts';
import { figureOf, milliseconds, withSpread } from '../../bench/lib/figures.ts';
import { isFlat } from '../../bench/lib/memory.ts';
import { doubtsOf, type Measured, readFigures } from '../../bench/lib/report.ts';

const measured = (unit: Measured['unit'], rounds: number[], target = 'gateway'): Measured => ({
  target,
  what: 'calls',
  unit,
  ...figureOf(rounds),
});
const verdicts = (before: Measured, now: Measured): string[] => compare([before], [now]).map(({ verdict }) => verdict);

describe('one run against another', () => {
  it('calls a figure worse when it is so by more than the spread of both', () => {
    const before = measured('ms', [1, 2, 3]);
    expect(verdicts(before, measured('ms', [3, 4.1, 5]))).toEqual(['worse']);
    expect(verdicts(before, measured('ms', [3, 3.9, 5]))).toEqual(['same']);
    expect(verdicts(before, measured('ms', [0.1, 0.2, 0.3]))).toEqual(['better']);
  });

  it('wants more of rates and less of all else', () => {
    expect(verdicts(measured('/s', [100, 100]), measured('/s', [50, 50]))).toEqual(['worse']);
    expect(verdicts(measured('/s', [100, 100]), measured('/s', [200, 200]))).toEqual(['better']);
    expect(verdicts(measured('bytes', [100, 100]), measured('bytes', [200, 200]))).toEqual(['worse']);
  });

  it('says nothing of a single round', () =>
    expect(verdicts(measured('ms', [1]), measured('ms', [9, 9]))).toEqual(['same']));

  it('passes over what only one of them has, and what could not be measured', () => {
    expect(compare([measured('ms', [1], 'pass-through')], [measured('ms', [1])])).toEqual([]);
    expect(verdicts(measured('ms', [Number.NaN, 1]), measured('ms', [1, 1]))).toEqual(['same']);
  });

  it('reads what npm wrote into a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'a.json');
    const figures = [measured('ms', [1, 2])];
    writeFileSync(
      file,
      `\n> token-hub@0.1.0 bench\n> node bench/gateway.ts --json\n\n${JSON.stringify({ figures }, null, 2)}`,
    );
    expect(readFigures(file)).toEqual(figures);
    writeFileSync(file, '{}');
    expect(() => readFigures(file)).toThrow('is not what a run with --json prints');
  });
});

describe('two builds in one run', () => {
  const pairs = (one: number[], other: number[]) =>
    pair([measured('/s', one), measured('/s', other, 'before')], 'gateway', 'before');

  it('go by the ratio within each round, however much the rounds differ', () => {
    const [pairing] = pairs([100, 1_000, 400], [90, 900, 360]);
    expect(pairing).toMatchObject({ verdict: 'worse', ratio: { median: 0.9, low: 0.9, high: 0.9 } });
  });

  it('differ only when they do in every round', () =>
    expect(pairs([100, 1_000, 400], [90, 900, 401])).toMatchObject([{ verdict: 'same' }]));
});

describe('a run', () => {
  const quietness = {
    known: true,
    rounds: 9,
    disturbed: 0,
    thrownAway: 4,
    others: 0.01,
    mostOthers: 0.04,
    waited: 0.3,
  };
  const sound = { quick: false, steady: true, clean: true, right: true, quietness };

  it('is fit to be quoted when it is right, long, steady, undisturbed, and of a known commit', () => {
    expect(doubtsOf(sound)).toEqual([]);
    expect(doubtsOf({ ...sound, clean: false, quick: true })).toHaveLength(2);
    expect(doubtsOf({ ...sound, quietness: { ...quietness, disturbed: 2 } })).toEqual(['2 of 9 rounds were disturbed']);
  });

  it('shows the spread of a figure beside its median, and none of a single round', () => {
    expect(withSpread(figureOf([3, 1, 2]), milliseconds)).toBe('2.00 ms (1.00 to 3.00)');
    expect(withSpread(figureOf([3]), milliseconds)).toBe('3.00 ms');
  });
});

describe('memory by step', () => {
  it('may rise while it warms up', () => expect(isFlat([100, 150, 200, 200, 201, 199, 200, 204])).toBe(true));

  it('may not rise after that', () => expect(isFlat([100, 150, 200, 200, 206, 209, 212, 215])).toBe(false));
});
