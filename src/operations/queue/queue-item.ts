// What waits for a person: what is known of it, and what can be done, each with its effect before it is chosen.
import { formatUsd, fromInstant, isJsonObject, subtract, usd } from '../../kernel/index.js';
import type { ChargeRow } from '../../ledger/index.js';
import type { RefundRow, TopupRow } from '../../payments/index.js';
import { type PriceList, rate, readAnyUsage, UsageFault } from '../../pricing/index.js';
import type { BillLineRow, ItemRow } from '../../reconciliation/index.js';
import type { ViewStatus } from '../../event-store/index.js';

export const QUEUE_KINDS = [
  'expired_hold',
  'usage_unknown',
  'unsettled_topup',
  'requested_refund',
  'unsent_refund',
  'stripe_item',
  'provider_difference',
  'stopped_view',
] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

export interface QueueChoice {
  readonly choice: string;
  /** What it would do. */
  readonly effect: string;
  /** What does it. */
  readonly command: string;
}

export interface QueueItem {
  readonly kind: QueueKind;
  readonly id: string;
  readonly accountId?: string;
  readonly since?: string;
  readonly known: string;
  readonly choices: readonly QueueChoice[];
}

export const expiredHold = (row: ChargeRow): QueueItem => ({
  kind: 'expired_hold',
  id: row.chargeId,
  accountId: row.accountId,
  since: row.expiresAt,
  known: `$${row.hold} is held for a call of ${row.model} (request ${row.requestId}); its hold expired.`,
  choices: [
    {
      choice: 'wait',
      effect: `A running gateway releases it within seconds: $${row.hold} is available again. Usage that comes later is a late charge.`,
      command: 'tokenhub charge list --status open',
    },
  ],
});

/** `balance` is the account's, as a decimal. */
export function usageUnknown(row: ChargeRow, list: PriceList | undefined, balance: string): QueueItem {
  const settle = `tokenhub charge settle ${row.chargeId} --reason …`;
  return {
    kind: 'usage_unknown',
    id: row.chargeId,
    accountId: row.accountId,
    since: row.closedAt ?? row.openedAt,
    known: `A call of ${row.model} (request ${row.requestId}) was answered, but nothing was charged: ${row.detail ?? 'its usage is unknown'}.`,
    choices: [
      ...byBlock(row, list, balance, settle),
      {
        choice: 'charge_counts',
        effect: 'It is charged at the prices of its hold for the counts that you give; shown before it is applied.',
        command: `${settle} --prompt-tokens … --completion-tokens …`,
      },
      { choice: 'leave', effect: 'Nothing is charged.', command: 'none' },
    ],
  };
}

function byBlock(row: ChargeRow, list: PriceList | undefined, balance: string, settle: string): QueueChoice[] {
  const usage = isJsonObject(row.usageRaw) ? readAnyUsage(row.usageRaw) : undefined;
  if (list === undefined || usage === undefined || usage instanceof UsageFault) return [];
  const { price } = rate(list, row.model, usage, fromInstant(row.openedAt));
  const left = formatUsd(subtract(usd(balance), price));
  return [
    {
      choice: 'charge_block',
      effect: `It is charged by its usage block: $${formatUsd(price)}. The balance goes from $${balance} to $${left}.`,
      command: `${settle} --apply`,
    },
  ];
}

export const unsettledTopup = (row: TopupRow): QueueItem => ({
  kind: 'unsettled_topup',
  id: row.topupId,
  accountId: row.accountId,
  since: row.changedAt,
  known: `A top-up of $${row.credit} is ${row.status}, and Stripe has had no news of it for a day.`,
  choices: [
    {
      choice: 'sync',
      effect: 'Stripe is asked how it stands, and what is new is recorded: a payment that was made is credited once.',
      command: `tokenhub topup sync ${row.topupId}`,
    },
  ],
});

export const requestedRefund = (row: RefundRow): QueueItem => ({
  kind: 'requested_refund',
  id: row.refundId,
  accountId: row.accountId,
  since: row.requestedAt,
  known: `A refund of $${row.credit} waits for approval${row.reason === undefined ? '' : `: ${row.reason}`}.`,
  choices: [
    {
      choice: 'approve',
      effect: `Stripe pays $${row.credit} back. Who asked for it may not be the one who approves it.`,
      command: `tokenhub refund approve ${row.refundId} --approved-by …`,
    },
    {
      choice: 'decline',
      effect: `$${row.credit} is available to the customer again, who is told the reason.`,
      command: `tokenhub refund decline ${row.refundId} --reason …`,
    },
  ],
});

export const unsentRefund = (row: RefundRow): QueueItem => ({
  kind: 'unsent_refund',
  id: row.refundId,
  accountId: row.accountId,
  since: row.changedAt,
  known: `A refund of $${row.credit} was approved more than a day ago, and Stripe has not completed it.`,
  choices: [
    {
      choice: 'sync',
      effect: 'Stripe is asked how it stands; a refund that it completed or failed is recorded.',
      command: `tokenhub topup sync ${row.topupId}`,
    },
  ],
});

export const stripeItem = (row: ItemRow): QueueItem => ({
  kind: 'stripe_item',
  id: row.itemId,
  since: row.openedAt,
  known: `Stripe and the ledger do not agree on a transaction of ${row.day}: ${row.status}.`,
  choices: [
    {
      choice: 'resolve',
      effect: 'Its difference is booked as proposed, once a second person approves.',
      command: `tokenhub reconcile resolve ${row.itemId} --action … --reason …`,
    },
  ],
});

export function providerDifference(row: BillLineRow): QueueItem {
  const amount = row.difference === undefined ? 'other tokens' : `$${row.difference} more`;
  const resolve = `tokenhub reconcile provider-resolve ${row.id} --reason … --resolution`;
  return {
    kind: 'provider_difference',
    id: row.id,
    since: row.openSince ?? row.comparedAt,
    known: `${row.channel} bills ${amount} for ${row.model} on ${row.day} than the $${row.booked} that were booked.`,
    choices: [
      ...(row.difference === undefined || row.difference === '0.00'
        ? []
        : [
            {
              choice: 'book',
              effect: `expenses:providers and liabilities:providers change by $${row.difference}, once a second person approves.`,
              command: `${resolve} book`,
            },
          ]),
      { choice: 'keep', effect: 'What was booked stays, once a second person approves.', command: `${resolve} keep` },
    ],
  };
}

export const stoppedView = ({ name, reason = 'it takes in nothing more' }: ViewStatus): QueueItem => ({
  kind: 'stopped_view',
  id: name,
  known: `The read model ${name} has stopped: ${reason}.`,
  choices: [
    {
      choice: 'rebuild',
      effect: 'Its rows are made from the ledger again. The ledger does not change.',
      command: `tokenhub replay ${name.replace(/-\d+$/, '')}`,
    },
  ],
});
