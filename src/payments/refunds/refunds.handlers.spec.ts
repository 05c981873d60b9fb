import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { Clock, formatUsd, Refused, usd } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { RefundSettings } from './refund-settings.js';
import { RequestRefundHandler } from './refunds.handlers.js';
import { RequestRefund } from './refunds.messages.js';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const DAY = 24 * 3_600_000;

class StillClock extends Clock {
  at = NOON;
  override now(): number {
    return this.at;
  }
}

let accounts: Accounts;
let clock: StillClock;
let requests: RequestRefundHandler;

beforeEach(async () => {
  accounts = new Accounts(new MemoryEventStore(), new MemoryReadModelStore());
  clock = new StillClock();
  requests = new RequestRefundHandler(
    accounts,
    clock,
    new RefundSettings({ REFUND_WINDOW_DAYS: 7, REFUND_ALONE_USD: '500.00' }),
  );
  await accounts.execute('acc', { type: 'OpenAccount', commandId: 'open', at: NOON - 30 * DAY, accountId: 'acc' });
});

const buy = (lotId: string, amount: string, at: number) =>
  accounts.execute('acc', {
    type: 'PurchaseCredit',
    commandId: lotId,
    at,
    lotId,
    topupId: lotId,
    amount: usd(amount),
    expiresAt: at + 365 * DAY,
  });

const ask = (requestId: string, input: { topupId?: string; amount?: string } = {}) =>
  requests.execute(
    new RequestRefund('acc', requestId, {
      topupId: input.topupId,
      reason: 'unused',
      requestedBy: 'user-1',
      amount: input.amount === undefined ? undefined : usd(input.amount),
    }),
  );

/** What was asked of which top-up. */
async function asked(): Promise<Record<string, string>> {
  return accounts.read('acc', ({ refunds }) =>
    Object.fromEntries(Array.from(refunds.values(), ({ lotId, amount }) => [lotId, formatUsd(amount)])),
  );
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Refused ? error.rejection.code : error),
  );

it.each(['0', '0.001', '1.005', '-1'])('a refund of $%s is refused: it is in whole cents', async (amount) => {
  await buy('one', '10', NOON - DAY);
  expect(await codeOf(ask('req', { amount }))).toBe('invalid_amount');
  expect(await asked()).toEqual({});
});

describe('a request for a refund', () => {
  beforeEach(async () => {
    await buy('old', '20', NOON - 8 * DAY);
    await buy('first', '5', NOON - 2 * DAY);
    await buy('second', '10', NOON - DAY);
  });

  it('takes from the newest top-up first, a refund for each', async () => {
    expect(await ask('q', { amount: '12' })).toHaveLength(2);
    expect(await asked()).toEqual({ second: '10.00', first: '2.00' });
  });

  it('of everything takes all that was bought within the window', async () => {
    await ask('q');
    expect(await asked()).toEqual({ second: '10.00', first: '5.00' });
  });

  it('of one top-up takes from that alone', async () => {
    await ask('q', { topupId: 'first', amount: '1.50' });
    expect(await asked()).toEqual({ first: '1.50' });
  });

  it('sent again asks for nothing more', async () => {
    const ids = await ask('q', { amount: '12' });
    expect(await ask('q', { amount: '12' })).toEqual(ids);
    expect(await asked()).toEqual({ second: '10.00', first: '2.00' });
  });

  it('that a crash cut short goes on where it stopped', async () => {
    const [first] = await ask('q', { amount: '10' });
    expect(await ask('q', { amount: '12' })).toContain(first);
    expect(await asked()).toEqual({ second: '10.00', first: '2.00' });
  });

  it('is refused beyond what is unused and recent', async () => {
    expect(await codeOf(ask('q', { amount: '15.01' }))).toBe('refund_exceeds_credit');
    expect(await codeOf(ask('q', { topupId: 'first', amount: '5.01' }))).toBe('refund_exceeds_credit');
    expect(await asked()).toEqual({});
  });

  it('is refused of nothing', async () => {
    await ask('q');
    expect(await codeOf(ask('r'))).toBe('refund_exceeds_credit');
  });

  it('is refused after the window', async () =>
    expect(await codeOf(ask('q', { topupId: 'old' }))).toBe('refund_window_over'));

  it('is refused of what the account never bought', async () =>
    expect(await codeOf(ask('q', { topupId: 'other' }))).toBe('topup_not_found'));

  it('leaves out a top-up whose payment is disputed', async () => {
    const dispute = { disputeId: 'dp_1', lotId: 'second', reason: 'fraudulent', inquiry: false };
    const money = { amount: usd('10'), withdrawn: usd('0'), reinstated: usd('0') };
    await accounts.execute('acc', { type: 'RecordDispute', commandId: 'd', at: NOON, ...dispute, ...money });
    expect(await codeOf(ask('q', { topupId: 'second' }))).toBe('payment_disputed');
    await ask('r');
    expect(await asked()).toEqual({ first: '5.00' });
  });
});
