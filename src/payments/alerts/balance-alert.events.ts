// The events of low-balance mails, stream `balance-alert-<accountId>`: what its owner wants to be told, and when it was told. They are
// contracts, like the events of an account.
import { z } from 'zod';
import { type EventOf, happenedAt as at, id, usd } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const by = id('who: a user id');
const threshold = usd('a mail is sent when the balance is less than this');
const balance = usd('the balance then, with what is held');

export const balanceAlertEventSchemas = {
  BalanceAlertSet: z
    .strictObject({ threshold, by, at })
    .describe(
      'Somebody wants a mail when their balance is low, or another threshold. A balance that is low already is told.',
    ),
  BalanceAlertRemoved: z.strictObject({ by, at }).describe('They do not want it any more.'),
  BalanceFellLow: z
    .strictObject({ threshold, balance, at })
    .describe('The balance fell below the threshold: a mail is sent, and none again before the balance has recovered.'),
  BalanceRecovered: z.strictObject({ balance, at }).describe('The balance is at the threshold again, or above it.'),
};

export type BalanceAlertEvent = EventOf<typeof balanceAlertEventSchemas>;

const STREAM_PREFIX = 'balance-alert-';

export const balanceAlertStream = (accountId: string): string => `${STREAM_PREFIX}${accountId}`;

/** The account of a stream; undefined for a stream of another kind. */
export const accountOfBalanceAlert = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const balanceAlertUpcasters: Upcasters = {};

/** A recorded event in its present shape. */
export const readBalanceAlertEvent = (recorded: RecordedEvent) =>
  readEvent(balanceAlertUpcasters, recorded) as BalanceAlertEvent;
