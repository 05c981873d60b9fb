// Bills against booked costs. Any row that is lost, doubled, foreign or altered is found with its amount.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../event-store/index.js';
import { formatUsd, type JsonObject, picoUsd, subtract, sum, usd, ZERO } from '../../kernel/index.js';
import { Bill } from './bill.js';
import { BookedCosts } from './booked-costs.js';
import { compare, percentageOf } from './compare.js';
import { readDecimal } from './decimal.js';

const CHANNEL = 'openai';
let made = 0;
const event = (type: string, data: JsonObject, stream = 'account-a'): RecordedEvent => ({
  id: `e${++made}`,
  type,
  stream,
  data,
  revision: made,
  position: made,
  metadata: {},
  recordedAt: '',
});

interface Call {
  readonly chargeId?: string;
  readonly day?: string;
  readonly model?: string;
  readonly sent?: string;
  readonly cost?: string;
  readonly more?: JsonObject;
}

const hold = (chargeId: string, { day = '2026-03-01', model = 'gpt-4o' }: Call = {}) =>
  event('HoldPlaced', { chargeId, model, amount: '1.00', at: `${day}T12:00:00.000Z` });

const charge = ({
  chargeId = `c${made}`,
  day = '2026-03-01',
  model = 'gpt-4o',
  sent = model,
  cost = '0.50',
  more,
}: Call) =>
  event('TokensCharged', {
    chargeId,
    model,
    upstreamModel: sent,
    provider: CHANNEL,
    providerCost: cost,
    pricedAt: `${day}T12:00:00.000Z`,
    at: `${day}T12:00:01.000Z`,
    attempts: [{ channel: CHANNEL, status: 200 }],
    usage: { promptTokens: 100, cachedTokens: 10, cacheWriteTokens: 0, cacheWrite1hTokens: 0, completionTokens: 5 },
    ...more,
  });

const release = (chargeId: string, reason: string, more: JsonObject = {}) =>
  event('HoldReleased', { chargeId, model: 'gpt-4o', amount: '1.00', reason, at: '2026-03-01T12:00:09.000Z', ...more });

type Row = readonly [day: string, model: string, cost: string];

function compared(
  events: readonly RecordedEvent[],
  rows: readonly Row[],
  options: { aliases?: Record<string, string>; tolerance?: string } = {},
) {
  const costs = new BookedCosts(CHANNEL);
  for (const one of events) costs.take(one);
  const bill = new Bill();
  for (const [day, model, cost] of rows) bill.add({ day, model, cost: readDecimal(cost) });
  const { tolerance = '0', aliases = {} } = options;
  return compare(bill, costs, { from: '2026-03-01', to: '2026-03-03', tolerance: usd(tolerance), aliases });
}

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

describe('a difference is explained by', () => {
  const causes = (...events: readonly RecordedEvent[]) =>
    compared([charge({}), ...events], [['2026-03-01', 'gpt-4o-2024-08-06', '99']])[0]?.explanations.map(
      ({ cause, calls, amount, chargeIds }) => [cause, calls, formatUsd(amount), ...chargeIds],
    );

  it('an open hold', () => expect(causes(hold('h1'))).toEqual([['open_hold', 1, '1.00', 'h1']]));
  it('an answer without usage', () =>
    expect(causes(hold('h1'), release('h1', 'usage_unknown', { provider: CHANNEL }))).toEqual([
      ['usage_unknown', 1, '1.00', 'h1'],
    ]));
  it('a call that ended without an answer', () =>
    expect(causes(hold('h1'), release('h1', 'upstream_timeout'))).toEqual([['unfinished', 1, '1.00', 'h1']]));
  it('an attempt before another channel answered', () =>
    expect(
      causes(
        charge({
          chargeId: 'f1',
          more: {
            provider: 'azure',
            attempts: [
              { channel: CHANNEL, status: 503 },
              { channel: 'azure', status: 200 },
            ],
          },
        }),
      ),
    ).toEqual([['failed_over', 1, '0.50', 'f1']]));
  it('an estimate, a charge by hand, and a call over midnight', () =>
    expect(
      causes(
        charge({ chargeId: 'e1', more: { estimated: 'client_left' } }),
        charge({ chargeId: 'b1', more: { byHand: { actor: 'u', reason: 'r' }, at: '2026-03-09T00:00:00.000Z' } }),
        charge({ chargeId: 'm1', more: { at: '2026-03-02T00:00:01.000Z' } }),
      ),
    ).toEqual([
      ['estimated', 1, '0.50', 'e1'],
      ['near_midnight', 1, '0.50', 'm1'],
      ['by_hand', 1, '0.50', 'b1'],
    ]));
  it('no call that cost nothing at the provider, or was charged after all', () =>
    expect(
      causes(hold('h1'), release('h1', 'not_forwarded'), hold('h2'), release('h2', 'refused_by_provider')),
    ).toEqual([]));
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
