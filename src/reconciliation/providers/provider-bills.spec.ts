// A bill is compared while people close differences of an earlier one, here or in another gateway.
import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { Clock, toInstant, usd } from '../../kernel/index.js';
import { accountStream } from '../../ledger/index.js';
import type { Aliases } from './model-names.js';
import { providerBillStream } from './provider-bill.events.js';
import { ProviderBills } from './provider-bills.js';

const CHANNEL = 'openai';
const DAY = '2026-03-02';

/** Lets something happen right before the nth append from now. */
class Interrupted extends MemoryEventStore {
  #left = 0;
  #meanwhile: (() => Promise<void>) | undefined;

  before(nth: number, meanwhile: () => Promise<void>): void {
    [this.#left, this.#meanwhile] = [nth, meanwhile];
  }

  override async append(...args: Parameters<MemoryEventStore['append']>): ReturnType<MemoryEventStore['append']> {
    const meanwhile = this.#meanwhile;
    if (meanwhile !== undefined && --this.#left === 0) {
      this.#meanwhile = undefined;
      await meanwhile();
    }
    return super.append(...args);
  }
}

class Noon extends Clock {
  override now = (): number => Date.parse('2026-03-05T12:00:00Z');
}

const line = { channel: CHANNEL, day: DAY, model: 'gpt-4o' };

async function setup() {
  const store = new Interrupted();
  const at = toInstant(Date.parse(`${DAY}T12:00:00Z`));
  const usage = { promptTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0, completionTokens: 1 };
  const call = { chargeId: 'c', model: line.model, upstreamModel: line.model, provider: CHANNEL };
  const data = { ...call, providerCost: '12.50', pricedAt: at, at, attempts: [], usage };
  const id = '00000000-0000-4000-8000-000000000001';
  await store.append(accountStream('a'), -1, [{ id, type: 'TokensCharged', data, metadata: {} }]);
  const [here, elsewhere] = [new ProviderBills(store, new Noon()), new ProviderBills(store, new Noon())];
  const bill = { channel: CHANNEL, configured: [], format: 'csv' as const, tolerance: usd('0.01') };
  const compare = (
    { rows = `${DAY},${line.model},12.75`, header = 'day,model,cost' } = {},
    more: { readonly aliases?: Aliases; readonly from?: string } = {},
  ) => here.import({ ...bill, files: [{ name: 'bill.csv', text: `${header}\n${rows}\n` }], ...more }, 'fay');
  return { store, here, elsewhere, compare };
}

it.each([
  ['before the bill is recorded', 1],
  ['between the bill and its lines', 2],
])('a difference that is booked while it is compared once more is not open again: %s', async (_when, nth) => {
  const { store, here, elsewhere, compare } = await setup();
  await compare();
  store.before(nth, async () => {
    await elsewhere.propose(line, { resolution: 'book', reason: 'as billed', requestedBy: 'fay' });
    await elsewhere.approve(line, { approvedBy: 'finn' });
  });
  await expect(compare()).rejects.toMatchObject({ rejection: { code: 'booked_meanwhile' } });
  const again = here.propose(line, { resolution: 'book', reason: 'as billed', requestedBy: 'fay' });
  await expect(again).rejects.toMatchObject({ rejection: { code: 'no_open_difference' } });
  expect((await compare()).lines).toMatchObject([{ status: 'matched', booked: usd('12.75') }]);
  const booked = await store.readStream(providerBillStream(CHANNEL), 0, 100);
  expect(booked.filter(({ type }) => type === 'ProviderDifferenceAccepted')).toHaveLength(1);
});

it('a difference that is kept while it is compared once more stays closed', async () => {
  const { store, here, elsewhere, compare } = await setup();
  await compare();
  store.before(1, async () => {
    await elsewhere.propose(line, { resolution: 'keep', reason: 'their mistake', requestedBy: 'fay' });
    await elsewhere.approve(line, { approvedBy: 'finn' });
  });
  await compare();
  const again = here.propose(line, { resolution: 'book', reason: 'as billed', requestedBy: 'fay' });
  await expect(again).rejects.toMatchObject({ rejection: { code: 'no_open_difference' } });
});

describe('a bill of usage alone', () => {
  const usage = (prompt: number) => ({ header: 'day,model,prompt', rows: `${DAY},${line.model},${prompt}` });
  const propose = (resolution: 'book' | 'keep') => ({ resolution, reason: 'as billed', requestedBy: 'fay' });

  it.each([1, 2])('leaves a difference of costs open with its amount, as tokens compare: %s billed', async (prompt) => {
    const { store, here, compare } = await setup();
    await compare();
    const { lines, totals } = await compare(usage(prompt));
    expect(lines).toMatchObject([{ status: 'differs', billed: usd('12.75'), difference: usd('0.25') }]);
    expect(totals).toMatchObject({ billed: undefined, difference: undefined, open: 1 });
    await here.propose(line, propose('book'));
    await here.approve(line, { approvedBy: 'finn' });
    expect((await store.readStream(providerBillStream(CHANNEL), 0, 100)).at(-1)).toMatchObject({
      type: 'ProviderDifferenceAccepted',
      data: { amount: '0.25' },
    });
    expect((await compare(usage(1))).lines).toMatchObject([{ status: 'matched', difference: undefined }]);
  });

  it('leaves what was kept closed, so that the next bill with costs finds it so', async () => {
    const { store, here, compare } = await setup();
    await compare();
    await here.propose(line, propose('keep'));
    await here.approve(line, { approvedBy: 'finn' });
    for (const bill of [usage(1), usage(1), {}]) {
      await compare(bill);
      const last = (await store.readStream(providerBillStream(CHANNEL), 0, 100)).at(-1);
      expect(last?.data).toMatchObject({ status: 'accepted', difference: '0.25' });
    }
  });
});

describe('what one bill named and the next does not', () => {
  const other = { ...line, model: 'GPT-4o (global)' };
  const rows = `${DAY},${other.model},12.50`;
  const book = { resolution: 'book' as const, reason: 'as billed', requestedBy: 'fay' };

  it('is no difference any more, so nothing is booked twice', async () => {
    const { here, compare } = await setup();
    expect((await compare({ rows })).lines.map(({ model, status }) => [model, status])).toEqual([
      [other.model, 'theirs_only'],
      [line.model, 'ours_only'],
    ]);
    const again = await compare({ rows }, { aliases: { [other.model]: line.model } });
    expect(again.lines).toMatchObject([{ model: line.model, status: 'matched', booked: usd('12.50') }]);
    await expect(here.propose(other, book)).rejects.toMatchObject({ rejection: { code: 'no_open_difference' } });
  });

  it.each([
    ['is of another day', { rows: '2026-03-03,gpt-4o,1' }],
    ['has no costs', { header: 'day,model,prompt', rows: `${DAY},${line.model},1` }],
  ])('stays open where the next %s', async (_what, next) => {
    const { here, compare } = await setup();
    await compare({ rows });
    await compare(next);
    await expect(here.propose(other, book)).resolves.toBeUndefined();
  });
});
