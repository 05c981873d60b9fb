// What waits for a person, and what is known of it.
import { formatUsd, subtract, usd } from '../../kernel/index.js';
import type { ChargeRow } from '../../ledger/index.js';
import type { DisputeRow, PaymentAlertRow, RefundRow, TopupRow } from '../../payments/index.js';
import type { BillLineRow, ItemRow } from '../../reconciliation/index.js';
import type { ViewStatus } from '../../event-store/index.js';
import { stripeItemFacts, stripeItemWords } from './stripe-item-facts.js';
import type { CreditProposal, Dismissal, QueueRow } from './queue-items.projection.js';

/** In the order in which the queue is worked through. */
export const QUEUE_KINDS = [
  'stopped_view',
  'open_dispute',
  'fraud_warning',
  'failed_webhook',
  'payment_mismatch',
  'expired_hold',
  'usage_unknown',
  'overage',
  'late_charge',
  'unsettled_topup',
  'proposed_adjustment',
  'requested_refund',
  'unsent_refund',
  'stripe_item',
  'provider_difference',
] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** The row that an item of each kind is about; undefined where its read model has not seen it yet. */
export interface About {
  readonly stopped_view: ViewStatus;
  readonly open_dispute: DisputeRow;
  readonly fraud_warning: PaymentAlertRow;
  readonly failed_webhook: QueueRow;
  readonly payment_mismatch: PaymentAlertRow;
  readonly expired_hold: ChargeRow;
  readonly usage_unknown: ChargeRow;
  readonly overage: ChargeRow;
  readonly late_charge: ChargeRow;
  readonly unsettled_topup: TopupRow;
  readonly proposed_adjustment: QueueRow;
  readonly requested_refund: RefundRow;
  readonly unsent_refund: RefundRow;
  readonly stripe_item: ItemRow;
  readonly provider_difference: BillLineRow;
}

interface Facts {
  readonly id: string;
  readonly accountId?: string | undefined;
  /** Since when it waits. */
  readonly since?: string | undefined;
  /** Until when something can be done. */
  readonly dueAt?: string | undefined;
  readonly known: string;
  /** The same in particulars, for those who put it in words of their own; amounts in USD. */
  readonly facts: Readonly<Record<string, string | undefined>>;
  /** How it stands: a choice can be tied to it, and a dismissal is. */
  readonly state: string;
}

export type QueueItem = {
  readonly [Kind in QueueKind]: Facts & {
    readonly kind: Kind;
    readonly about: About[Kind];
    /** Whether it still waits. */
    readonly open: boolean;
    readonly dismissed?: Dismissal | undefined;
    readonly credit?: CreditProposal | undefined;
  };
}[QueueKind];

export type ItemOf<Kind extends QueueKind> = Extract<QueueItem, { kind: Kind }>;

type Describe = { readonly [Kind in QueueKind]: (about: About[Kind]) => Facts };

const ofCharge = ({ chargeId: id, accountId, closedAt, openedAt }: ChargeRow) => ({
  id,
  accountId,
  since: closedAt ?? openedAt,
});

const ofCall = ({ model, requestId: request }: ChargeRow) => ({ model, request });

/** What somebody proposes, for somebody else to approve. */
const proposedBy = (
  proposal: { readonly requestedBy: string; readonly reason: string } | undefined,
  proposed: string | undefined,
) => proposal && { proposed, requested_by: proposal.requestedBy, reason: proposal.reason };

/** How an item stands: a choice that is tied to it is of this very proposal. */
const standing = (status: string, proposed: string | undefined, proposedAt: string | undefined): string =>
  [status, proposed ?? '', ...(proposedAt === undefined ? [] : [proposedAt])].join(' ');

const endOf = (byHand: RefundRow['byHand']): string | undefined =>
  byHand?.outside === true ? `${byHand.outcome} outside` : byHand?.outcome;

/** A part of a sentence as its end: some bring a full stop of their own. */
const ended = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** What is known of each kind. */
const DESCRIBE: Describe = {
  stopped_view: ({ name: id, reason = 'it takes in nothing more', position }) => ({
    id,
    known: `The read model ${id} has stopped: ${reason}.`,
    facts: { reason },
    state: `at ${position}`,
  }),
  open_dispute: ({ disputeId: id, accountId, openedAt: since, evidenceDueAt: dueAt, ...row }) => ({
    id,
    accountId,
    since,
    dueAt,
    facts: {
      topup: row.topupId,
      reason: row.reason,
      amount: row.amount,
      withdrawn: formatUsd(subtract(usd(row.withdrawn), usd(row.reinstated))),
      stage: row.inquiry ? 'inquiry' : 'dispute',
    },
    known: `The payment of top-up ${row.topupId} is ${row.inquiry ? 'asked about by the bank' : 'disputed'} (${row.reason}): $${row.amount}, of which $${formatUsd(subtract(usd(row.withdrawn), usd(row.reinstated)))} was withdrawn.`,
    state: `${row.inquiry ? 'inquiry' : 'dispute'} ${row.amount} ${row.withdrawn} ${row.reinstated}`,
  }),
  fraud_warning: ({ warningId: id = '', topupId, fraudType, at: since }) => ({
    id,
    since,
    known: `The issuer of the card that paid top-up ${topupId} warns of fraud: ${fraudType ?? 'unknown'}. A dispute often follows; a refund now avoids it.`,
    facts: { topup: topupId, reason: fraudType },
    state: fraudType ?? '',
  }),
  failed_webhook: ({ itemId: id, since, state, webhook }) => ({
    id,
    since,
    known: `Stripe's event ${id} (${webhook?.eventType ?? 'unknown'}${webhook?.topupId === undefined ? '' : `, top-up ${webhook.topupId}`}) could not be followed up: ${state}`,
    facts: { type: webhook?.eventType, topup: webhook?.topupId, reason: state },
    state,
  }),
  payment_mismatch: ({ paymentIntentId: id, topupId, field = '', expected = '', received = '', at: since }) => ({
    id,
    since,
    known: `A payment for top-up ${topupId} is not what was ordered: its ${field} is ${received}, not ${expected}. Nothing was credited.`,
    facts: { topup: topupId, field, expected, received },
    state: `${field} ${received}`,
  }),
  expired_hold: (row) => ({
    ...ofCharge(row),
    since: row.expiresAt,
    known: `$${row.hold} is held for a call of ${row.model} (request ${row.requestId}), and its hold has expired. A running gateway releases it within seconds.`,
    facts: { ...ofCall(row), amount: row.hold },
    state: row.status,
  }),
  usage_unknown: (row) => {
    const { cost, detail } = row;
    const known = `A call of ${row.model} (request ${row.requestId}) was answered`;
    return {
      ...ofCharge(row),
      facts: { ...ofCall(row), reason: detail, cost },
      known:
        cost === undefined
          ? `${known}, but nothing was charged: ${ended(detail ?? 'its usage is unknown')}`
          : `${known} without usage that could be charged. It was charged $${cost} later.`,
      state: cost === undefined ? 'not charged' : `charged ${cost}`,
    };
  },
  overage: (row) => ({
    ...ofCharge(row),
    facts: { ...ofCall(row), amount: row.overage, cost: row.cost, late: row.late ? 'late' : undefined },
    known: `A call of ${row.model} (request ${row.requestId}) cost $${row.cost ?? ''}: $${row.overage ?? ''} more than was held for it${row.late ? ', and it was charged after its hold had been released' : ''}.`,
    state: `charged ${row.cost ?? ''}`,
  }),
  late_charge: (row) => ({
    ...ofCharge(row),
    facts: { ...ofCall(row), cost: row.cost },
    known: `A call of ${row.model} (request ${row.requestId}) was charged $${row.cost ?? ''} after its hold had been released.`,
    state: `charged ${row.cost ?? ''}`,
  }),
  unsettled_topup: ({ topupId: id, accountId, changedAt: since, credit, status }) => ({
    id,
    accountId,
    since,
    known: `A top-up of $${credit} is ${status}. Something of it is still under way at Stripe, and there was no news for a day.`,
    facts: { amount: credit, status },
    state: `${status} ${since}`,
  }),
  proposed_adjustment: ({ itemId: id, since, accountId, state, credit, declined }) => ({
    id,
    since,
    accountId,
    known: `A correction of ${credit?.amount ?? ''} USD${credit?.servedAt === undefined ? '' : ` for ${credit.servedAt}`}, proposed by ${credit?.by ?? ''}, ${declined === undefined ? 'waits for approval' : `was declined by ${declined.by} (${declined.reason})`}: ${credit?.reason ?? ''}`,
    state,
    facts: {
      amount: credit?.amount,
      ...(credit && { requested_by: credit.by, reason: credit.reason, service_date: credit.servedAt }),
    },
  }),
  requested_refund: ({ refundId: id, accountId, requestedAt: since, credit, reason, requestedBy = '' }) => ({
    id,
    accountId,
    since,
    known: `A refund of $${credit}, requested by ${requestedBy}, waits for approval${reason === undefined ? '' : `: ${reason}`}.`,
    facts: { amount: credit, requested_by: requestedBy, reason },
    state: 'requested',
  }),
  unsent_refund: ({ refundId: id, accountId, changedAt: since, credit, byHand }) => ({
    id,
    accountId,
    since,
    known: `A refund of $${credit} was approved more than a day ago, and Stripe has not completed it.${byHand === undefined ? '' : ` ${byHand.requestedBy} proposes that it is ${endOf(byHand) ?? ''}: ${byHand.reason}`}`,
    facts: { amount: credit, ...proposedBy(byHand, endOf(byHand)) },
    state: standing('approved', byHand?.outcome, byHand?.proposedAt),
  }),
  stripe_item: ({ itemId: id, openedAt: since, day, status, resolution, ...row }) => ({
    id,
    since,
    known: `Stripe and the ledger do not agree on a transaction of ${day}: ${status}. ${stripeItemWords({ ...row, resolution })}${resolution === undefined ? '' : ` ${resolution.requestedBy} proposes ${resolution.action}: ${resolution.reason}`}`,
    facts: {
      day,
      status,
      ...stripeItemFacts({ ...row, resolution }),
      ...proposedBy(resolution, resolution?.action),
    },
    state: standing(status, resolution?.action, resolution?.proposedAt),
  }),
  provider_difference: ({ id, comparedAt, openSince: since = comparedAt, channel, model, day, ...row }) => ({
    id,
    since,
    known: `${channel} bills ${row.difference === undefined ? 'other tokens' : `$${row.difference} more`} for ${model} on ${day} than the $${row.booked} that were booked.${row.state === 'proposed' ? ` ${row.requestedBy ?? ''} proposes ${row.resolution ?? ''}: ${row.reason ?? ''}` : ''}`,
    facts: {
      channel,
      model,
      day,
      difference: row.difference,
      booked: row.booked,
      ...(row.state === 'proposed' ? proposedBy({ requestedBy: '', reason: '', ...row }, row.resolution) : {}),
    },
    state: standing(`${row.state} ${row.difference ?? ''}`, row.resolution, row.proposedAt),
  }),
};

/** An item of a kind about a row; closed if it was dismissed as it stands. */
export function itemOf<Kind extends QueueKind>(kind: Kind, about: About[Kind], row?: QueueRow): ItemOf<Kind> {
  const facts = DESCRIBE[kind](about);
  const dismissed = row?.dismissed?.state === facts.state ? row.dismissed : undefined;
  const isOpen = BORN_OF_EVENTS.has(kind) ? row?.open === true : dismissed === undefined;
  const own = { kind, about, ...facts, accountId: facts.accountId ?? row?.accountId, open: isOpen };
  return { ...own, dismissed, credit: row?.credit } as unknown as ItemOf<Kind>;
}

/** Kinds that events make: their rows of `queueItems` say whether they wait. */
export const BORN_OF_EVENTS: ReadonlySet<QueueKind> = new Set<QueueKind>([
  'fraud_warning',
  'failed_webhook',
  'payment_mismatch',
  'usage_unknown',
  'overage',
  'late_charge',
  'proposed_adjustment',
]);
