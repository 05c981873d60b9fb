// What /api takes and answers about corrections of a balance by hand.
import {
  EnumField,
  InstantField,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownOrNull,
  ShownUsd,
  UsdField,
} from '../../platform/http/index.js';
import type { QueueRow } from '../queue/queue-items.projection.js';

const DIRECTIONS = ['credit', 'debit'] as const;
const STATUSES = ['proposed', 'approved', 'declined'] as const;

export class ProposeAdjustment {
  @EnumField('`credit` adds to the balance, `debit` takes away', DIRECTIONS)
  readonly direction!: (typeof DIRECTIONS)[number];

  @UsdField('how much')
  readonly amount!: string;

  @InstantField('when what it corrects was earned, for the books; when it is booked without it. Not in the future', {
    optional: true,
  })
  readonly service_date?: string;

  @ReasonField()
  readonly reason!: string;
}

export class Adjustment {
  @Shown('of the item of the queue, where somebody else approves or declines it')
  readonly id!: string;

  @ShownAlways('adjustment')
  readonly object!: 'adjustment';

  @Shown()
  readonly account_id!: string;

  @ShownEnum(STATUSES)
  readonly status!: (typeof STATUSES)[number];

  @ShownUsd('what it changes the balance by; negative when it makes it smaller')
  readonly amount!: string;

  @ShownOrNull('when what it corrects was earned; null: when it is booked', { format: 'date-time' })
  readonly service_date!: string | null;

  @Shown('why')
  readonly reason!: string;

  @Shown('a user id')
  readonly proposed_by!: string;

  @ShownInstant('when it was proposed')
  readonly proposed_at!: string;

  @ShownOrNull('the user who approved or declined it')
  readonly decided_by!: string | null;

  @ShownOrNull('why it was declined')
  readonly declined_for!: string | null;
}

export const showAdjustment = ({ itemId, accountId = '', since, open, credit, declined }: QueueRow): Adjustment => ({
  id: itemId,
  object: 'adjustment',
  account_id: accountId,
  status: declined !== undefined ? 'declined' : open ? 'proposed' : 'approved',
  amount: credit?.amount ?? '0.00',
  service_date: credit?.servedAt ?? null,
  reason: credit?.reason ?? '',
  proposed_by: credit?.by ?? '',
  proposed_at: since,
  decided_by: declined?.by ?? credit?.approvedBy ?? null,
  declined_for: declined?.reason ?? null,
});
