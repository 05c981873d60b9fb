// What /api takes and answers about the events of an account.
import { formatUsd } from '../../kernel/index.js';
import { type AccountEventType, accountEventSchemas } from '../../ledger/index.js';
import {
  EnumField,
  InstantField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownUsd,
} from '../../platform/http/index.js';
import type { JsonObject } from '../../kernel/index.js';
import type { EventOrder, PlacedEvent } from './account-events.js';

const TYPES = Object.keys(accountEventSchemas) as AccountEventType[];
const ORDERS: readonly EventOrder[] = ['newest_first', 'oldest_first'];
const anyObject = { type: 'object', additionalProperties: true };

export class EventsQuery extends ListQuery {
  @EnumField('which end it begins at', ORDERS, { default: 'newest_first' })
  readonly order: EventOrder = 'newest_first';

  @EnumField('events of this type only', TYPES, { optional: true })
  readonly type?: AccountEventType;

  @InstantField('not earlier than this', { optional: true })
  readonly from?: string;

  @InstantField('earlier than this', { optional: true })
  readonly to?: string;
}

export class LedgerEvent {
  @Shown('unique in the ledger')
  readonly id!: string;

  @ShownAlways('event')
  readonly object!: 'event';

  @Shown('the stream of your account; its name is part of what the hash covers')
  readonly stream!: string;

  @ShownInteger('its number in the stream; counts from 0')
  readonly revision!: number;

  @ShownEnum(TYPES, 'what happened (docs/events.md)')
  readonly type!: AccountEventType;

  @ShownInstant('when it happened')
  readonly at!: string;

  @ShownInstant('when the ledger recorded it; not covered by the hash')
  readonly recorded_at!: string;

  @Shown('the particulars, as they are stored (docs/events.md)', anyObject)
  readonly data!: JsonObject;

  @Shown('what else the ledger recorded with it: its hash, and the MAC of the gateway that wrote it', anyObject)
  readonly metadata!: JsonObject;

  @Shown('SHA-256, in hex, of `previous_hash` and this event (docs/audit.md)')
  readonly hash!: string;

  @Shown('the hash of the event before it; zeros before the first')
  readonly previous_hash!: string;

  @ShownUsd('what it changed the balance by; null for an event that books nothing', { nullable: true })
  readonly amount!: string | null;

  @ShownUsd('the balance with it')
  readonly balance_after!: string;
}

export const showEvent = ({ event, previousHash, amount, balanceAfter }: PlacedEvent): LedgerEvent => ({
  id: event.id,
  object: 'event',
  stream: event.stream,
  revision: event.revision,
  type: event.type as AccountEventType,
  at: String(event.data['at']),
  recorded_at: event.recordedAt,
  data: event.data,
  metadata: event.metadata,
  hash: String(event.metadata['hash']),
  previous_hash: previousHash,
  amount: amount === undefined ? null : formatUsd(amount),
  balance_after: formatUsd(balanceAfter),
});
