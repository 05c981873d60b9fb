// What /api answers about the operator's queue.
import {
  EnumField,
  FromDigits,
  IntegerField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownOrNull,
} from '../../platform/http/index.js';
import { MOST_COUNTED } from './operator-queue.js';
import { QUEUE_KINDS, type QueueItem as Item, type QueueKind } from './queue-item.js';

export class QueueQuery {
  @EnumField('what waits', QUEUE_KINDS)
  readonly kind!: QueueKind;

  @FromDigits()
  @IntegerField('items at most', { min: 1, max: MOST_COUNTED, default: 20 })
  readonly limit: number = 20;
}

class QueueCount {
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

class QueueChoice {
  @Shown()
  readonly choice!: string;

  @Shown('what it would do')
  readonly effect!: string;

  @Shown('what does it at the command line')
  readonly command!: string;
}

class QueueItem {
  @Shown()
  readonly id!: string;

  @ShownAlways('queue_item')
  readonly object!: 'queue_item';

  @ShownEnum(QUEUE_KINDS)
  readonly kind!: QueueKind;

  @ShownOrNull()
  readonly account_id!: string | null;

  @ShownOrNull('since when it waits (ISO 8601)')
  readonly since!: string | null;

  @Shown('what is known, for people')
  readonly known!: string;

  @ShownObject(QueueChoice, 'what can be done', { isArray: true })
  readonly choices!: QueueChoice[];
}

export class QueueItems {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(QueueItem, 'the oldest first', { isArray: true })
  readonly data!: QueueItem[];
}

export const showItem = ({ id, kind, accountId, since, known, choices }: Item): QueueItem => ({
  id,
  object: 'queue_item',
  kind,
  account_id: accountId ?? null,
  since: since ?? null,
  known,
  choices: [...choices],
});
