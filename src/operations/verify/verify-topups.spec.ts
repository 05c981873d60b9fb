import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { open, order, report } from '../../../test/support/payments/topup-spec.js';
import { type RecordedEvent, START } from '../../event-store/index.js';
import { Topups } from '../../payments/index.js';
import { TopupCheck } from './verify-topups.js';
import { verify } from './verify.js';

type Change = (event: RecordedEvent) => RecordedEvent | undefined;

async function ledger() {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.topUp('a', 't1');
  await made.project();
  return made;
}

/** What is said of top-ups when the store shows its events otherwise. */
async function faultsWith(change: Change): Promise<string[]> {
  const { store } = await ledger();
  const shown = (events: readonly RecordedEvent[]) =>
    events.map(change).filter((event): event is RecordedEvent => event !== undefined);
  const check = new TopupCheck();
  for (const event of shown(await store.readAll(START, 1_000))) check.take(event);
  const readStream = async (...args: Parameters<typeof store.readStream>) => shown(await store.readStream(...args));
  return check.faults(Object.assign(Object.create(store) as typeof store, { readStream }));
}

const as =
  (type: string, data: object): Change =>
  (event) =>
    event.type === type ? { ...event, data: { ...event.data, ...data } } : event;

const without =
  (type: string): Change =>
  (event) =>
    event.type === type ? undefined : event;

describe('verifying top-ups', () => {
  it('finds top-ups right that are on their accounts once', async () => {
    expect(await faultsWith((event) => event)).toEqual([]);
  });

  it('finds one that was credited twice', async () => {
    const { store } = await ledger();
    const check = new TopupCheck();
    for (const event of await store.readAll(START, 1_000)) {
      check.take(event);
      if (event.type === 'CreditPurchased') check.take(event);
    }
    expect(await check.faults(store)).toEqual(['Top-up t1 was credited twice.']);
  });

  it.each([
    ['the credit', 'CreditPurchased'],
    ['the top-up', 'Topup'],
  ])('finds nothing wrong when %s came after its stream was looked at', async (_what, later) => {
    const { store } = await ledger();
    const check = new TopupCheck();
    for (const event of await store.readAll(START, 1_000)) if (!event.type.startsWith(later)) check.take(event);
    expect(await check.faults(store)).toEqual([]);
  });

  it('finds one whose credit never came when the whole ledger is verified, and not when one account is', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    const topups = new Topups(made.store);
    for (const step of [order({ topupId: 't2', accountId: 'a' }), open(), report({ orderId: 't2' })]) {
      await topups.execute('t2', { ...step, commandId: step.type, at: NOON });
    }
    await made.project();
    const faultsOf = async (only?: string) => (await verify(made.store, made.readModels, { account: only })).faults;
    expect(await faultsOf()).toEqual(['Top-up t2 is paid, and account a does not have it: tokenhub topup sync t2']);
    expect(await faultsOf('a')).toEqual([]);
  });

  it.each<[string, Change, string]>([
    ['that is paid and not credited', without('CreditPurchased'), 'Top-up t1 is paid, and account a does not have it'],
    ['that is credited and not paid', without('TopupPaid'), 'Account a has credit of top-up t1, which was not paid.'],
    ['of which there is no order', without('TopupOrdered'), 'Account a has credit of top-up t1, which was not paid.'],
    ['that is credited otherwise', as('CreditPurchased', { amount: '100.00' }), 'account a was credited $100.00'],
    ['that is another account’s', as('TopupOrdered', { accountId: 'b' }), 'for account b; account a was credited'],
  ])('finds a top-up %s', async (_what, change, sentence) => {
    expect((await faultsWith(change)).join('\n')).toContain(sentence);
  });
});
