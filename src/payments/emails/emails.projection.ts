// One row per event that a customer gets an email about. The recipient and the text are determined when it is sent, so the rows have no personal data.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent } from '../../ledger/index.js';
import { readReratingEvent, type ReratingEvent, runOfStream } from '../../rerating/index.js';
import {
  accountOfBalanceAlert,
  type BalanceAlertEvent,
  readBalanceAlertEvent,
} from '../alerts/balance-alert.events.js';
import {
  accountOfAutomaticTopups,
  type AutomaticTopupEvent,
  readAutomaticTopupEvent,
} from '../automatic/automatic-topup.events.js';
import { readTopupEvent, type TopupEvent, topupOfStream } from '../topups/topup.events.js';

type OfAccount = Extract<
  AccountEvent,
  {
    type:
      | 'CreditPurchased'
      | 'RefundCompleted'
      | 'RefundFailed'
      | 'DisputeOpened'
      | 'DisputeClosed'
      | 'AccountSuspended'
      | 'AccountReinstated';
  }
>;
type OfAutomatic = Extract<
  AutomaticTopupEvent,
  { type: 'AutomaticTopupOrdered' | 'AutomaticTopupEnded' | 'AutomaticTopupCeilingReached' }
>;
type OfTopup = Extract<TopupEvent, { type: 'TopupFailed' }>;
type OfAlert = Extract<BalanceAlertEvent, { type: 'BalanceFellLow' }>;
type OfRerating = Extract<ReratingEvent, { type: 'AccountRerated' }>;
type EmailEvent = OfAccount | OfAutomatic | OfAlert | OfTopup | OfRerating;

export interface EmailRow extends JsonObject {
  /** The id of the event, which is the same in every copy of the ledger. The stored name is older than the class names. */
  readonly letterId: string;
  /** Missing when the event does not name the account. */
  readonly accountId?: string;
  /** The top-up of the event’s stream. */
  readonly topupId?: string;
  /** The re-rating run of the event’s stream. */
  readonly runId?: string;
  readonly event: EmailEvent & JsonObject;
  /** The instant of the event; missing while there is no email to send. */
  readonly at?: string;
  /** The credit that an automatic top-up buys. */
  readonly credit?: string;
}

const ACCOUNT_TYPES = new Set<string>([
  'CreditPurchased',
  'RefundCompleted',
  'RefundFailed',
  'DisputeOpened',
  'DisputeClosed',
  'AccountSuspended',
  'AccountReinstated',
] satisfies OfAccount['type'][]);
const AUTOMATIC_TYPES = new Set<string>([
  'AutomaticTopupOrdered',
  'AutomaticTopupEnded',
  'AutomaticTopupCeilingReached',
] satisfies OfAutomatic['type'][]);

const FAILED = 'TopupFailed' satisfies OfTopup['type'];
const LOW = 'BalanceFellLow' satisfies OfAlert['type'];
const RERATED = 'AccountRerated' satisfies OfRerating['type'];

export const emailRows: Projection<EmailRow> = {
  view: { name: 'letters-1', indexes: [['at']] },
  rowId: ({ id, type, stream, data }) => {
    if (type === FAILED) return topupOfStream(stream) === undefined ? undefined : id;
    if (type === LOW) return accountOfBalanceAlert(stream) === undefined ? undefined : id;
    if (type === RERATED) return runOfStream(stream) === undefined ? undefined : id;
    if (ACCOUNT_TYPES.has(type)) return accountOfStream(stream) === undefined ? undefined : id;
    if (!AUTOMATIC_TYPES.has(type) || accountOfAutomaticTopups(stream) === undefined) return undefined;
    // One row for both events: the order has the credit, and the end has the outcome.
    return type === 'AutomaticTopupCeilingReached' ? id : `automatic-${String(data['topupId'])}`;
  },
  step(row, recorded) {
    const { id: letterId, stream } = recorded;
    const event = read(recorded);
    const ofStream = accountOfStream(stream) ?? accountOfAutomaticTopups(stream) ?? accountOfBalanceAlert(stream);
    const accountId = event.type === 'AccountRerated' ? event.data.accountId : ofStream;
    const topupId = topupOfStream(stream);
    const runId = runOfStream(stream);
    const about = {
      letterId,
      event: event as EmailEvent & JsonObject,
      ...(accountId !== undefined && { accountId }),
      ...(topupId !== undefined && { topupId }),
      ...(runId !== undefined && { runId }),
    };
    if (event.type === 'AutomaticTopupOrdered') return { ...about, credit: event.data.credit };
    // A paid top-up has an email about its purchase.
    const isTold = event.type === 'AutomaticTopupEnded' && event.data.outcome === 'paid';
    return { ...row, ...about, ...(!isTold && { at: event.data.at }) };
  },
};

function read(recorded: RecordedEvent): EmailEvent {
  if (recorded.type === RERATED) return readReratingEvent(recorded) as OfRerating;
  if (recorded.type === LOW) return readBalanceAlertEvent(recorded) as OfAlert;
  if (recorded.type === FAILED) return readTopupEvent(recorded) as OfTopup;
  return ACCOUNT_TYPES.has(recorded.type)
    ? (readAccountEvent(recorded) as OfAccount)
    : (readAutomaticTopupEvent(recorded) as OfAutomatic);
}
