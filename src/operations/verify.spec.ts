import { describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { type RecordedEvent, START } from '../event-store/index.js';
import { usd } from '../kernel/index.js';
import { balances } from '../ledger/index.js';
import { verify } from './verify.js';

async function ledger() {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.open('b');
  await made.hold('a', 'c1');
  await made.settle('a', 'c1', 1_000);
  await made.hold('a', 'c2');
  await made.release('a', 'c2');
  await made.hold('b', 'c3');
  await made.project();
  return made;
}

/** The store with one event changed on its way out, as if someone had changed it on disk. */
function tampered(store: Awaited<ReturnType<typeof ledger>>['store'], change: (event: RecordedEvent) => RecordedEvent) {
  return Object.assign(Object.create(store) as typeof store, {
    readStream: async (...args: Parameters<typeof store.readStream>) => (await store.readStream(...args)).map(change),
    readAll: async (...args: Parameters<typeof store.readAll>) => (await store.readAll(...args)).map(change),
  });
}

describe('verify', () => {
  it('finds nothing wrong with a ledger that is right, and counts it', async () => {
    const { store, readModels } = await ledger();
    const { faults, ...figures } = await verify(store, readModels);
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({ streams: 3, events: 12, accounts: 2, charges: 1, openHolds: 1 });
  });

  it('prints a trial balance that sums to zero', async () => {
    const { store, readModels } = await ledger();
    const { trialBalance } = await verify(store, readModels);
    expect(trialBalance).toContainEqual({ account: 'revenue:usage', balance: '-0.01025' });
    expect(trialBalance).toContainEqual({ account: 'liabilities:customers:credit', balance: '-19.98975' });
    expect(trialBalance.reduce((total, { balance }) => total + usd(balance), 0n)).toBe(0n);
  });

  it('names the event whose data was changed', async () => {
    const { store, readModels } = await ledger();
    const richer = tampered(store, (event) =>
      event.type === 'CreditGranted' ? { ...event, data: { ...event.data, amount: '1000000.00' } } : event,
    );
    const { faults } = await verify(richer, readModels);
    expect(faults).toContainEqual(
      expect.stringContaining('The hash of revision 2 of account-a (CreditGranted) does not match'),
    );
  });

  it('names a charge that is not its usage × the price', async () => {
    const made = await ledger();
    await made.hold('a', 'c4');
    await made.settle('a', 'c4', 1_000, usd('0.000001'));
    const { faults } = await verify(made.store, made.readModels);
    expect(faults).toEqual([
      'The charge of revision 8 of account-a is $0.010251; its usage at price list 1 comes to $0.01025.',
    ]);
  });

  it('names a read model that disagrees with the events, and not one that is only behind', async () => {
    const made = await ledger();
    await made.hold('b', 'c5');
    expect((await verify(made.store, made.readModels)).faults).toEqual([]);
    await made.project();
    const row = (await made.readModels.load(balances.view, ['b'])).get('b');
    if (row === undefined) throw new Error('no row');
    const wrong = { ...row, position: row.position + 1, doc: { ...row.doc, posted: '99.00' } };
    await made.readModels.apply(balances.view, { rows: [wrong] });
    expect((await verify(made.store, made.readModels)).faults).toEqual([
      expect.stringContaining(
        'The read model has $99.00 (held $2.00) for account b; its events come to $10.00 (held $2.00)',
      ),
    ]);
  });

  it('takes a read model that is ahead of it for what it is, beside a gateway at work', async () => {
    const made = await ledger();
    const load: typeof made.readModels.load = async (...args) => {
      await made.hold('b', 'c6');
      await made.project();
      return made.readModels.load(...args);
    };
    const atWork = Object.assign(Object.create(made.readModels) as typeof made.readModels, { load });
    expect((await verify(made.store, atWork)).faults).toEqual([]);
  });

  it('looks at one account only when asked', async () => {
    const { store, readModels } = await ledger();
    expect(await verify(store, readModels, 'b')).toMatchObject({
      streams: 1,
      accounts: 1,
      charges: 0,
      openHolds: 1,
      faults: [],
    });
  });

  it('finds an empty store right', async () => {
    const { readModels, store } = await ledgerWithHistory();
    expect(await store.head()).not.toBe(START);
    expect((await verify(store, readModels)).faults).toEqual([]);
  });
});
