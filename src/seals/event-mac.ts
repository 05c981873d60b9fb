// Authenticates events: a gateway, which has a key of the ledger, writes an HMAC over the chain hash of each event into its metadata. So
// whoever can write to the store alone can't make an event that passes, even with a right hash.
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type EventStore, ForwardingEventStore, type NewEvent, type RecordedEvent } from '../event-store/index.js';
import type { JsonValue } from '../kernel/index.js';
import type { LedgerKeys } from './ledger-keys.js';

/** `<id of the key>.<HMAC-SHA256 of the 32 bytes of the hash, base64url>`. */
const MAC = /^([0-9a-f]{8})\.([A-Za-z0-9_-]{43})$/;

interface MacKey {
  readonly id: string;
  readonly key: KeyObject;
}

type MacChecked = { readonly keyId: string } | { readonly fault: string };

/** In base64url. */
const macOf = (key: KeyObject, hash: string): string =>
  createHmac('sha256', key).update(hash, 'hex').digest('base64url');

/** Makes and checks the MACs of events. */
export class EventMacs {
  readonly #newest: MacKey;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** Keys of which only the public part is known: nobody can check a MAC by one. */
  readonly #public: ReadonlySet<string>;

  constructor({ all, signing }: LedgerKeys) {
    const keys = signing.map(({ mac }) => ({ id: mac.id, key: createSecretKey(mac.key) }));
    this.#newest = keys[0] as MacKey;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
    this.#public = new Set(all.map(({ mac }) => mac.id).filter((id) => !this.#keys.has(id)));
  }

  /** Which key a MAC says that it is by; undefined of what is no MAC. */
  static keyIdOf(mac: unknown): string | undefined {
    return MAC.exec(typeof mac === 'string' ? mac : '')?.[1];
  }

  /** The MAC of an event with this chain hash, or of what else has a SHA-256 hash, in hex. */
  of(hash: JsonValue | undefined): string {
    const { id, key } = this.#newest;
    return `${id}.${macOf(key, String(hash))}`;
  }

  /** The id of the key that authenticates a recorded event, or why none does. */
  check({ metadata: { hash, mac } }: Pick<RecordedEvent, 'metadata'>): MacChecked {
    if (mac === undefined) return { fault: 'has no MAC' };
    const [, keyId = '', digest = ''] = MAC.exec(typeof mac === 'string' ? mac : '') ?? [];
    const key = this.#keys.get(keyId);
    if (digest === '') return { fault: 'has a MAC that is none' };
    if (key === undefined) return { fault: `has a MAC by the key ${keyId}, ${this.#whyUnchecked(keyId)}` };
    const isRight = timingSafeEqual(Buffer.from(macOf(key, String(hash))), Buffer.from(digest));
    return isRight ? { keyId } : { fault: 'has a wrong MAC' };
  }

  #whyUnchecked(keyId: string): string {
    return this.#public.has(keyId)
      ? 'of which LEDGER_KEY_FILE names the public key alone'
      : 'which LEDGER_KEY_FILE does not name';
  }
}

/** A store whose appends are authenticated. Everything else is as in the store behind it. */
export class AuthenticatedEventStore extends ForwardingEventStore {
  readonly #macs: EventMacs;

  constructor(store: EventStore, keys: LedgerKeys) {
    super(store);
    this.#macs = new EventMacs(keys);
  }

  override append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    return super.append(stream, expected, events.map(this.#authenticated));
  }

  /** An event without a hash, as no writer makes one, is refused by nobody here: it is stored without a MAC, and `verify` names it. */
  readonly #authenticated = (event: NewEvent): NewEvent => {
    const { metadata } = event;
    return typeof metadata['hash'] === 'string'
      ? { ...event, metadata: { ...metadata, mac: this.#macs.of(metadata['hash']) } }
      : event;
  };
}
