// Wherever a process dies or stands still while money moves, the next one brings it to the same end: at the sandbox Stripe, at every append
// and every request that changes something.
import { describe, expect, it } from 'vitest';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { postingsOf } from '../../src/books/booked-streams.js';
import { START } from '../../src/event-store/index.js';
import { formatUsd, fromCents, usd } from '../../src/kernel/index.js';
import { addPostings, posted, type Totals, trialBalance } from '../../src/ledger/index.js';
import { verify } from '../../src/operations/index.js';
import { ApproveRefund, ApproveRefundEnd, ProposeRefundEnd, RequestRefund } from '../../src/payments/index.js';
import { OrderTopup } from '../../src/payments/orders/orders.messages.js';
import { adjust, openAccount } from '../support/ledger/commands.js';
import { FrailOffice } from '../support/payments/frail-office.js';
import { type Break, Life } from '../support/payments/frail-process.js';

type Act = (office: FrailOffice) => unknown;

const sessionOf = ({ process }: FrailOffice, topup: string) =>
  process.topups.read(topup, ({ sessionId }) => sessionId ?? '');
const intentOf = ({ process }: FrailOffice, topup: string) =>
  process.topups.read(topup, ({ paymentIntentId }) => paymentIntentId ?? '');
const refundsOf = ({ process }: FrailOffice, status: string) =>
  process.accounts.read('acc', ({ refunds }) => [...refunds.values()].filter((refund) => refund.status === status), {
    fresh: true,
  });

const buys =
  (topup: string, amount: string, currency: 'usd' | 'cny' = 'usd', saveCard = false): Act =>
  async (office) => {
    const order = { credit: usd(amount), currency, saveCard };
    await office.process.order.execute(new OrderTopup('acc', topup, order));
    if ((await intentOf(office, topup)) !== '') return;
    office.sandbox.pay(await sessionOf(office, topup), currency === 'cny' ? 'alipay' : 'card');
    await office.webhooks();
  };
const asksBack =
  (amount: string): Act =>
  ({ process }) =>
    process.request.execute(
      new RequestRefund('acc', `r${amount}`, { amount: usd(amount), reason: 'unused', requestedBy: 'ada' }),
    );
const approves: Act = async (office) => {
  for (const { id, requestedBy } of await refundsOf(office, 'requested'))
    if (requestedBy === 'ada') await office.process.approve.execute(new ApproveRefund('acc', id, 'fay'));
};
const endsAsFailed: Act = async (office) => {
  for (const { id, proposal } of await refundsOf(office, 'approved')) {
    const lost = { outcome: 'failed', outside: false, reason: 'lost', requestedBy: 'fay' } as const;
    if (proposal === undefined) await office.process.proposeEnd.execute(new ProposeRefundEnd('acc', id, lost));
    await office.process.approveEnd.execute(new ApproveRefundEnd('acc', id, { approvedBy: 'finn' }));
  }
};
const atStripe =
  (happens: (office: FrailOffice, id: string) => unknown, of: 'payment' | 'refund' | 'dispute' = 'payment'): Act =>
  async (office) => {
    const payment_intent = await intentOf(office, 't');
    const [refund] = (await office.stripe.refunds.list({ payment_intent })).data;
    const [dispute] = (await office.stripe.disputes.list({ payment_intent })).data;
    happens(office, { payment: payment_intent, refund: refund?.id ?? '', dispute: dispute?.id ?? '' }[of]);
  };
const knobs =
  (change: Partial<FrailOffice['sandbox']['knobs']>): Act =>
  ({ sandbox }) =>
    Object.assign(sandbox.knobs, change);
const sweeps: Act = (office) => office.sweep();
const hears: Act = (office) => office.webhooks();
const looks: Act = ({ process }) => process.charges.look('acc');
const switchesOn: Act = async ({ process, clock }) => {
  const settings = { threshold: usd('5'), credit: usd('20'), monthlyCeiling: usd('50'), currency: 'usd' as const };
  const bounds = { least: usd('5'), most: usd('500') };
  await process.automatic.execute('acc', { type: 'SetAutomaticTopup', at: clock.now(), settings, bounds });
  await process.accounts.execute('acc', adjust('spent', '-8.00', { at: clock.now() }));
};

const STORIES: Readonly<Record<string, readonly Act[]>> = {
  'a top-up in yuan that settles late': [
    knobs({ lateBalanceMs: 2_000_000_000 }),
    buys('t', '10', 'cny'),
    ({ sandbox }) => sandbox.bookLate(),
    sweeps,
  ],
  'a refund of two top-ups, one of which comes back': [
    buys('t', '10', 'cny'),
    buys('u', '5'),
    asksBack('12.34'),
    approves,
    sweeps,
    atStripe(({ sandbox }, refund) => sandbox.failRefund(refund), 'refund'),
    hears,
  ],
  'a refund that Stripe refuses, as more than the rest was refunded there': [
    buys('t', '10'),
    asksBack('6'),
    atStripe(({ sandbox }, payment) => sandbox.refundInDashboard(payment, 700)),
    approves,
    hears,
  ],
  'a refund that people ended as failed, and Stripe pays': [
    knobs({ refunds: 'pending' }),
    buys('t', '10'),
    asksBack('4'),
    approves,
    sweeps,
    endsAsFailed,
    atStripe(({ sandbox }, refund) => sandbox.settleRefund(refund), 'refund'),
    hears,
  ],
  'a dispute that is won in part': [
    buys('t', '10'),
    atStripe(({ sandbox }, payment) => sandbox.dispute(payment, { amount: 600 })),
    hears,
    atStripe(({ sandbox }, dispute) => sandbox.closeDispute(dispute, 'won', { partial: 250 }), 'dispute'),
    hears,
  ],
  'an automatic top-up': [buys('t', '10', 'usd', true), switchesOn, looks, looks],
};

/** Plays a story. What a process was at when it broke is asked of the next one; one that stood still goes on when all is done. */
async function play(story: readonly Act[], end?: Break) {
  const office = await FrailOffice.open();
  try {
    await office.process.accounts.execute('acc', { ...openAccount(), at: office.clock.now() });
    const life = new Life(end);
    office.start(life);
    let stopped: Promise<unknown> | undefined;
    for (const act of story) {
      const done = Promise.resolve(act(office));
      const broken = stopped === undefined ? life.broken : new Promise<never>(() => undefined);
      if (await Promise.race([done.then(() => false), broken.then(() => true)])) {
        stopped = done.catch(() => undefined);
        office.start();
        await act(office);
      }
    }
    life.wake();
    if (end?.how === 'stalls') await stopped;
    office.start();
    await office.sweep();
    await office.webhooks();
    await office.sweep();
    return { steps: life.steps, outcome: await outcomeOf(office) };
  } finally {
    await office.sandbox.close();
  }
}

async function outcomeOf({ store, stripe, process }: FrailOffice) {
  const totals: Totals = new Map();
  for (const event of await store.readAll(START, 10_000)) addPostings(totals, postingsOf(event));
  const moved = await stripe.balanceTransactions.list({ limit: 100 });
  const refunds = await stripe.refunds.list({ limit: 100 });
  const books = trialBalance(totals).filter(({ balance }) => usd(balance) !== 0n);
  return {
    books: Object.fromEntries(books.map(({ account, balance }) => [account, balance])),
    balance: formatUsd(await process.accounts.read('acc', posted)),
    balanceAtStripe: formatUsd(fromCents(moved.data.reduce((sum, { net }) => sum + BigInt(net), 0n))),
    refunds: refunds.data.map(({ amount, status }) => `${amount} ${status}`).toSorted(),
    faults: (await verify(store, new MemoryReadModelStore(), { readModels: false })).faults,
  };
}

describe.each(Object.entries(STORIES))('%s', (_name, story) => {
  it('ends the same wherever its process breaks', { timeout: 60_000 }, async () => {
    const { steps, outcome } = await play(story);
    const { books, balanceAtStripe, faults } = outcome;
    expect(faults).toEqual([]);
    expect([books['assets:stripe:balance'], books['assets:stripe:clearing']]).toEqual([balanceAtStripe, undefined]);
    for (const [step, name] of steps.entries()) {
      if (!/^(?:append|POST)/.test(name)) continue;
      for (const how of ['dies', 'stalls'] as const)
        expect((await play(story, { step, how })).outcome, `${how} at ${name}, step ${step}`).toEqual(outcome);
    }
  });
});
