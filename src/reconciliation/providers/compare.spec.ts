// Bills against booked costs. Any row that is lost, doubled, foreign or altered is found with its amount.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL, charge, compared, event, type Row } from '../../../test/support/reconciliation/provider-calls.js';
import { formatUsd, type JsonObject, picoUsd, subtract, sum, usd, ZERO } from '../../kernel/index.js';
import { Bill } from './bill.js';
import { BookedCosts } from './booked-costs.js';
import { compare, percentageOf, totalsOf } from './compare.js';
import { readDecimal } from './decimal.js';

const short = (lines: ReturnType<typeof compared>) =>
  lines.map(({ day, model, status, difference }) => [day, model, status, formatUsd(difference ?? ZERO)]);

describe('a line', () => {
  it('matches when both sides are the same', () =>
    expect(short(compared([charge({}), charge({})], [['2026-03-01', 'gpt-4o', '1']]))).toEqual([
      ['2026-03-01', 'gpt-4o', 'matched', '0.00'],
    ]));

  it('matches up to the tolerance, and not beyond it', () => {
    const status = (cost: string) =>
      compared([charge({})], [['2026-03-01', 'gpt-4o', cost]], { tolerance: '0.01' })[0]?.status;
    expect([status('0.51'), status('0.49'), status('0.510000000001')]).toEqual(['matched', 'matched', 'differs']);
  });

  it('is of the day of the hold, not of the charge', () =>
    expect(
      short(
        compared([charge({ more: { at: '2026-03-02T09:00:00.000Z', late: true } })], [['2026-03-01', 'gpt-4o', '0.5']]),
      ),
    ).toEqual([['2026-03-01', 'gpt-4o', 'matched', '0.00']]));

  it('is only of the channel, and of the days of the bill', () =>
    expect(compared([charge({ more: { provider: 'azure' } }), charge({ day: '2026-02-28' })], [])).toEqual([]));

  it('does not include what was kept, or only proposed', () => {
    const data = { channel: CHANNEL, day: '2026-03-01', model: 'gpt-4o', amount: '0.25' };
    const events = [
      event('ProviderDifferenceAccepted', { ...data, resolution: 'keep' }, `provider-bills-${CHANNEL}`),
      event('ProviderDifferenceProposed', { ...data, resolution: 'book' }, `provider-bills-${CHANNEL}`),
    ];
    expect(compared([charge({}), ...events], [['2026-03-01', 'gpt-4o', '0.50']])).toMatchObject([
      { status: 'matched', booked: usd('0.50'), calls: 1 },
    ]);
  });

  it('includes what was booked after an earlier bill', () => {
    const booked = { channel: CHANNEL, day: '2026-03-01', model: 'gpt-4o', resolution: 'book', amount: '0.25' };
    const correction = event('ProviderDifferenceAccepted', booked, `provider-bills-${CHANNEL}`);
    expect(short(compared([charge({}), correction], [['2026-03-01', 'gpt-4o', '0.75']]))).toEqual([
      ['2026-03-01', 'gpt-4o', 'matched', '0.00'],
    ]);
  });

  it('has what the provider costs by the price list that its calls were rated by last', () => {
    const rerated = (chargeId: string, costs: JsonObject) =>
      event('ChargeRerated', {
        chargeId,
        provider: CHANNEL,
        upstreamModel: 'gpt-4o',
        pricedAt: '2026-03-01T12:00:00.000Z',
        at: '2026-04-02T08:00:00.000Z',
        ...costs,
      });
    const events = [
      charge({ chargeId: 'a' }),
      charge({ chargeId: 'b' }),
      rerated('a', { providerCost: '0.40', previousProviderCost: '0.50' }),
      rerated('a', { providerCost: '0.45', previousProviderCost: '0.40' }),
      rerated('z', { provider: 'azure', providerCost: '0.10', previousProviderCost: '9.00' }),
    ];
    expect(compared(events, [['2026-03-01', 'gpt-4o', '0.95']])).toMatchObject([{ status: 'matched', calls: 2 }]);
  });

  it('compares the tokens that a bill counts', () => {
    const costs = new BookedCosts(CHANNEL);
    costs.take(charge({}));
    const bill = new Bill();
    bill.add({ day: '2026-03-01', model: 'gpt-4o', tokens: { prompt: 100, completion: 6 } });
    const [line] = compare(bill, costs, { from: '2026-03-01', to: '2026-03-01', tolerance: ZERO });
    expect(line).toMatchObject({ status: 'differs', billed: undefined, difference: undefined });
    expect(line?.tokens).toEqual([
      { kind: 'prompt', booked: 100, billed: 100 },
      { kind: 'completion', booked: 5, billed: 6 },
    ]);
  });
});

describe('the lines', () => {
  it('are those of the days alone, by day and model', () => {
    const days = ['2026-03-04', '2026-03-03', '2026-02-28', '2026-03-01'];
    const lines = compared(
      days.flatMap((day) => [charge({ day, model: 'b' }), charge({ day, model: 'a' })]),
      days.map((day): Row => [day, 'c', '1']),
    );
    const models = ['a', 'b', 'c'];
    expect(lines.map(({ day, model, calls }) => [day, model, calls])).toEqual(
      ['2026-03-01', '2026-03-03'].flatMap((day) => models.map((model) => [day, model, model === 'c' ? 0 : 1])),
    );
  });

  it('add up what was sent by names that are one to the provider, with its tokens', () => {
    const costs = new BookedCosts(CHANNEL);
    costs.take(charge({ sent: 'gpt-4o', cost: '0.10' }));
    const written = { cacheWriteTokens: 20, cacheWrite1hTokens: 30 };
    const usage = { promptTokens: 100, cachedTokens: 10, ...written, completionTokens: 5 };
    costs.take(charge({ sent: 'chatgpt', cost: '0.20', more: { usage } }));
    const bill = new Bill();
    const tokens = { prompt: 200, cached: 20, cacheWrite: 50, completion: 10 };
    bill.add({ day: '2026-03-01', model: 'gpt-4o', tokens, cost: readDecimal('0.30') });
    const days = { from: '2026-03-01', to: '2026-03-01', tolerance: ZERO };
    const [line, ...more] = compare(bill, costs, { ...days, aliases: { chatgpt: 'gpt-4o' } });
    expect(more).toEqual([]);
    expect(line).toMatchObject({ status: 'matched', calls: 2, booked: usd('0.30'), difference: ZERO });
    expect(line?.tokens.map(({ kind, booked, billed }) => [kind, booked, billed])).toEqual(
      Object.entries(tokens).map(([kind, count]) => [kind, count, count]),
    );
  });

  it('come to what was booked, what was billed, and how many are open', () => {
    const rows: Row[] = [
      ['2026-03-01', 'gpt-4o', '0.5'],
      ['2026-03-02', 'gpt-4o', '2'],
    ];
    const all = compared([charge({}), charge({ day: '2026-03-03' })], rows);
    expect(totalsOf(all, { hasCosts: true })).toEqual({ booked: '1.00', billed: '2.50', difference: '1.50', open: 2 });
    const uncosted = all.map((line) => ({ ...line, billed: undefined, difference: undefined }));
    expect(totalsOf(uncosted, { hasCosts: false })).toEqual({
      booked: '1.00',
      billed: undefined,
      difference: undefined,
      open: 2,
    });
  });

  it('are of one side alone only where the other has nothing', () => {
    const [theirs, ours] = [compared([], [['2026-03-01', 'a', '1']]), compared([charge({})], [])];
    expect([theirs[0]?.status, ours[0]?.status]).toEqual(['theirs_only', 'ours_only']);
    expect(theirs[0]).toMatchObject({ calls: 0, booked: ZERO, billed: usd('1') });
    expect(ours[0]).toMatchObject({ calls: 1, booked: usd('0.50'), billed: ZERO });
  });
});

describe('the name of a model', () => {
  it('of a snapshot meets the name that was sent', () =>
    expect(short(compared([charge({})], [['2026-03-01', 'gpt-4o-2024-08-06', '0.5']]))).toEqual([
      ['2026-03-01', 'gpt-4o', 'matched', '0.00'],
    ]));

  it('keeps snapshots apart when each is sent by its own name', () =>
    expect(
      short(
        compared(
          [charge({ sent: 'gpt-4o-2024-05-13' }), charge({ sent: 'gpt-4o-2024-08-06' })],
          [
            ['2026-03-01', 'gpt-4o-2024-05-13', '0.5'],
            ['2026-03-01', 'gpt-4o-2024-08-06', '0.7'],
          ],
        ),
      ),
    ).toEqual([
      ['2026-03-01', 'gpt-4o-2024-05-13', 'matched', '0.00'],
      ['2026-03-01', 'gpt-4o-2024-08-06', 'differs', '0.20'],
    ]));

  it('may be given', () =>
    expect(
      short(
        compared([charge({})], [['2026-03-01', 'GPT-4o (global)', '0.5']], {
          aliases: { 'GPT-4o (global)': 'gpt-4o' },
        }),
      ),
    ).toEqual([['2026-03-01', 'gpt-4o', 'matched', '0.00']]));
});

it.each([
  ['0.25', '12.50', '2.00'],
  ['-0.01', '3.00', '-0.33'],
  ['1', '0', undefined],
])('$%s of $%s is %s %%', (difference, booked, percentage) =>
  expect(percentageOf(usd(difference), usd(booked))).toBe(percentage),
);

const rows = fc.uniqueArray(
  fc.record({
    day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-03'),
    model: fc.constantFrom('a', 'b', 'c', 'd'),
    cost: fc.bigInt({ min: 1n, max: 10n ** 15n }).map(picoUsd),
  }),
  { selector: ({ day, model }) => `${day} ${model}`, minLength: 1, maxLength: 12 },
);
const fates = fc.array(
  fc.oneof(
    fc.constant({ kind: 'kept' } as const),
    fc.constant({ kind: 'lost' } as const),
    fc.constant({ kind: 'doubled' } as const),
    fc.record({ kind: fc.constant('altered' as const), by: fc.bigInt({ min: 1n, max: 10n ** 15n }).map(picoUsd) }),
  ),
  { minLength: 12, maxLength: 12 },
);

it('any set of lost, doubled and altered rows is found, each with its amount', () =>
  fc.assert(
    fc.property(rows, fates, (booked, fate) => {
      const events = booked.map(({ day, model, cost }) => charge({ day, model, cost: formatUsd(cost) }));
      const billed = booked.map(({ cost }, index) => {
        const what = fate[index] ?? { kind: 'kept' };
        if (what.kind === 'lost') return [];
        if (what.kind === 'doubled') return [cost, cost];
        return [what.kind === 'altered' ? subtract(cost, what.by) : cost];
      });
      const bill = booked.flatMap(({ day, model }, index) =>
        (billed[index] ?? []).map((cost): Row => [day, model, formatUsd(cost)]),
      );
      const found = new Map(compared(events, bill).map((line) => [`${line.day} ${line.model}`, line]));
      expect(found.size).toBe(booked.length);
      booked.forEach(({ day, model, cost }, index) => {
        const line = found.get(`${day} ${model}`);
        const kind = fate[index]?.kind ?? 'kept';
        expect(line?.difference).toBe(subtract(sum(billed[index] ?? []), cost));
        expect(line?.status).toBe(kind === 'kept' ? 'matched' : kind === 'lost' ? 'ours_only' : 'differs');
      });
    }),
    { numRuns: 50 },
  ));
