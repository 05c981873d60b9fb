// What an insider may do to the corrections of prices, with every hash made right again and everything replayed.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { calls, made, price, two } from '../../../test/support/rerating/calls.js';
import { ProcessStore } from '../../../test/support/rerating/process-store.js';
import { EditedStore, rehashed } from '../../../test/support/ledger/edited-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { type RecordedEvent, START } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { bookedStreamOf } from '../../books/index.js';
import { Faults } from './faults.js';
import { FactCheck } from './verify-facts.js';
import { verify } from './verify.js';
import { ReratingCheck } from './verify-reratings.js';

type Edit = (events: readonly RecordedEvent[]) => readonly RecordedEvent[];

/** A run by a cheaper version, a second one that only changes costs, and the reversal of that. */
async function corrected() {
  const desk = await made(two);
  const first = await desk.run(desk.request(await desk.publish('2.50', '8', '1')));
  const second = await desk.run(desk.request(await desk.publish('2.50', '8', '0.50')));
  await desk.reversed(second);
  return { first, second, events: await desk.store.readAll(START, 1_000) };
}

let ledger: Awaited<ReturnType<typeof corrected>>;
beforeAll(async () => {
  ledger = await corrected();
});

const faultsAfter = async (edit: Edit, account?: string): Promise<string> => {
  const store = new EditedStore(rehashed(edit(ledger.events)));
  const { faults } = await verify(store, new MemoryReadModelStore(), { readModels: false, account });
  return faults.filter((fault) => !fault.startsWith('What was paid for top-up')).join('\n'); // the desk has no orders
};

/** A change of the nth event of a type. */
const changed =
  (type: string, nth: number, change: (data: JsonObject) => JsonObject): Edit =>
  (events) => {
    const event = events.filter((each) => each.type === type)[nth] as RecordedEvent;
    return events.map((each) => (each === event ? { ...each, data: { ...each.data, ...change(each.data) } } : each));
  };
const correction = (nth: number, change: JsonObject | ((data: JsonObject) => JsonObject)): Edit =>
  changed('ChargeRerated', nth, typeof change === 'function' ? change : () => change);

const OTHER = 'corrects a price of another call than the charge it names';

it('finds nothing in a ledger with corrections and their reversal', async () => {
  expect(ledger.events.filter(({ type }) => type === 'ChargeRerated')).toHaveLength(6);
  for (const account of [undefined, 'a', 'b']) expect(await faultsAfter((events) => events, account)).toBe('');
});

it('finds nothing at any moment of a run and its reversal, whether it began before or goes on meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(calls, price, async (all, output) => {
      const desk = await made(all);
      const found: string[] = [];
      const verified = async (): Promise<void> => {
        const { faults } = await verify(desk.store, new MemoryReadModelStore(), { readModels: false });
        found.push(...faults.filter((fault) => !fault.startsWith('What was paid for top-up')));
      };
      const running: Promise<void>[] = [];
      const around = { before: async () => void running.push(verified()), after: verified };
      const applying = desk.another({ store: new ProcessStore(desk.store, around) });
      const run = await desk.approved(desk.request(await desk.publish('2.50', output, '1')));
      await applying.apply(run);
      const reversal = await desk.proposedReversal(run).catch(() => undefined); // of what changed nothing
      if (reversal !== undefined) {
        await desk.reratings.approve(reversal, 'bob');
        await applying.apply(reversal);
      }
      await Promise.all(running);
      expect(found).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

describe('names', () => {
  it.each<[string, Edit, string]>([
    [
      'another usage',
      correction(0, ({ usage }) => ({ usage: { ...(usage as JsonObject), reasoningTokens: 1 } })),
      OTHER,
    ],
    ['another key', correction(0, { keyId: 'k2' }), OTHER],
    ['another instant', correction(1, { pricedAt: '2026-03-04T01:00:00.000Z' }), OTHER],
    ['another earlier version', correction(0, { previousPriceVersion: 2 }), OTHER],
    ['another earlier cost', correction(2, { previousCost: '0.00', cost: '0.00', absorbed: '0.00825' }), OTHER],
    ['another earlier cost to us', correction(5, { previousProviderCost: '0.10' }), OTHER],
    ['a charge that is not there', correction(0, { chargeId: 'c9' }), 'of c9, which no charge before it is'],
    ['the charge of another', correction(0, { chargeId: 'c0' }), OTHER],
    ['another cost to us', correction(2, { providerCost: '0.10' }), 'costs us $0.10; its usage at price list 3'],
    ['a run that does not exist', correction(4, { runId: 'none' }), 'of run none, which nobody had approved'],
    ['a charge’s own cost to us', changed('TokensCharged', 0, () => ({ providerCost: '0.10' })), 'costs us $0.10'],
    [
      'a run that was not approved',
      (events) => events.filter(({ type }) => !/^(ReratingApproved|ReratingCompleted|AccountRerated)$/.test(type)),
      'which nobody had approved by then',
    ],
    ['a run of another model', changed('ReratingProposed', 0, () => ({ model: 'm' })), 'approved for other charges'],
    ['a run of another account', changed('ReratingProposed', 0, () => ({ accountId: 'b' })), 'for other charges'],
    [
      'an account that a completed run does not know',
      (events) => events.filter(({ type }) => type !== 'AccountRerated'),
      'What an account was charged more by run',
    ],
    ['a run by another version', changed('ReratingProposed', 0, () => ({ priceVersion: 1 })), 'or another version'],
  ])('%s, in the whole ledger and in one account', async (_what, edit, fault) => {
    expect(await faultsAfter(edit)).toContain(fault);
    expect((await faultsAfter(edit, 'a')) + (await faultsAfter(edit, 'b'))).toContain(fault);
  });
});

it.each([1, 5])(
  'takes for right what was booked while one account was read, %i events before its end',
  async (late) => {
    const check = new FactCheck(new EditedStore(ledger.events), 'account-a');
    const events = ledger.events.filter(({ stream }) => stream === 'account-a');
    expect(events.slice(-late).every(({ type }) => type === 'ChargeRerated')).toBe(true);
    let state: unknown = bookedStreamOf('account-a')?.initial();
    for (const event of events.slice(0, -late)) {
      await check.take(event, state);
      state = bookedStreamOf('account-a')?.evolve(state, event);
    }
    await check.finish();
    expect(check.faults.said.filter((fault) => !fault.startsWith('What was paid for top-up'))).toEqual([]);
  },
);

it.each([1, 2, 3, 100])('finds the charges of corrections in groups of %i', async (limit) => {
  const edited = new EditedStore(rehashed(correction(3, { keyId: 'k2' })(ledger.events)));
  for (const [store, found] of [
    [new EditedStore(ledger.events), 0],
    [edited, 2],
  ] as const) {
    const faults = new Faults();
    const check = new ReratingCheck(store, faults, limit);
    for (const event of await store.readAll(START, 1_000)) await check.take(event);
    await check.finish();
    expect(faults.said).toHaveLength(found);
  }
});
