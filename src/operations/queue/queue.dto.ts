// What /api takes and answers about the operator's queue.
import {
  EnumField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { ApiExtraModels } from '#openapi';
import { MOST_COUNTED, QUEUE_STATUSES, type QueueFilter, type QueueStatus } from './operator-queue.js';
import { QUEUE_KINDS, type QueueItem as Item, type QueueKind } from './queue-item.js';

const AccountId = () => TextField('of this account only', { min: 1, max: 100, optional: true });

export class QueueCountsQuery {
  @AccountId()
  readonly account_id?: string;
}

export class QueueQuery extends ListQuery {
  @EnumField('what waits; every kind without it', QUEUE_KINDS, { optional: true })
  readonly kind?: QueueKind;

  @AccountId()
  readonly account_id?: string;

  @EnumField('what waits, or what somebody has dismissed as it stands', QUEUE_STATUSES, { default: 'open' })
  readonly status: QueueStatus = 'open';
}

export const filterOf = ({ kind, account_id: accountId, status }: QueueQuery): QueueFilter => ({
  kind,
  accountId,
  status,
});

export class QueueCount {
  @ShownEnum(QUEUE_KINDS)
  readonly kind!: QueueKind;

  @ShownInteger(`how many; ${MOST_COUNTED} also stands for more`)
  readonly count!: number;
}

export class QueueCounts {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(QueueCount, 'one for each kind', { isArray: true })
  readonly data!: QueueCount[];
}

class QueueDismissal {
  @Shown('who')
  readonly by!: string;

  @Shown('why')
  readonly reason!: string;

  @Shown('when (ISO 8601)')
  readonly at!: string;
}

class QueueCredit {
  @ShownUsd('what is proposed')
  readonly amount!: string;

  @Shown('who proposed it')
  readonly requested_by!: string;

  @Shown('why')
  readonly reason!: string;

  @ShownOrNull('who approved it')
  readonly approved_by!: string | null;
}

@ApiExtraModels(QueueDismissal, QueueCredit)
export class QueueItem {
  @Shown()
  readonly id!: string;

  @ShownAlways('queue_item')
  readonly object!: 'queue_item';

  @ShownEnum(QUEUE_KINDS)
  readonly kind!: QueueKind;

  @ShownEnum(['open', 'dismissed', 'settled'], 'whether it waits')
  readonly status!: 'open' | 'dismissed' | 'settled';

  @ShownOrNull()
  readonly account_id!: string | null;

  @ShownOrNull('since when it waits (ISO 8601)')
  readonly since!: string | null;

  @ShownOrNull('until when something can be done (ISO 8601)')
  readonly due_at!: string | null;

  @Shown('what is known, for people')
  readonly known!: string;

  @Shown('the particulars of what is known; amounts are of USD where they name no currency', {
    type: 'object',
    additionalProperties: { type: 'string' },
  })
  readonly facts!: Readonly<Record<string, string>>;

  @Shown('how it stands; a choice can be tied to it')
  readonly state!: string;

  @ShownObjectOrNull(QueueDismissal, 'who dismissed it as it stands')
  readonly dismissed!: QueueDismissal | null;

  @ShownObjectOrNull(QueueCredit, 'credit that is proposed for it')
  readonly credit!: QueueCredit | null;

  @Shown('what can be done', { type: [String] })
  readonly choices!: string[];
}

export const showItem = (item: Item, choices: readonly string[]): QueueItem => ({
  id: item.id,
  object: 'queue_item',
  kind: item.kind,
  status: statusOf(item),
  account_id: item.accountId ?? null,
  since: item.since ?? null,
  due_at: item.dueAt ?? null,
  known: item.known,
  facts: factsOf(item),
  state: item.state,
  dismissed: item.dismissed ? { by: item.dismissed.by, reason: item.dismissed.reason, at: item.dismissed.at } : null,
  credit: item.credit
    ? {
        amount: item.credit.amount,
        requested_by: item.credit.by,
        reason: item.credit.reason,
        approved_by: item.credit.approvedBy ?? null,
      }
    : null,
  choices: [...choices],
});

/** Those that there are. */
const factsOf = ({ facts }: Item): Record<string, string> =>
  Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined));

function statusOf({ open, dismissed }: Item): QueueItem['status'] {
  if (open) return 'open';
  return dismissed === undefined ? 'settled' : 'dismissed';
}
