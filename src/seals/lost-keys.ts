// Keys of the ledger of which no copy is left. An event says so, which counts only when a key of LEDGER_KEY_FILE authenticated it: whoever can write to
// the store alone can't make gateways go on from what they can't check.
import { eventsOf, type EventStore, type RecordedEvent, StreamWriter } from '../event-store/index.js';
import { accepted, chainHash, type Decider, GENESIS, newId } from '../kernel/index.js';
import { EventMacs } from './event-mac.js';
import { type LedgerKeyEvent, LEDGER_KEYS_STREAM, type LedgerKeyLost } from './ledger-key.events.js';
import type { LedgerKeys } from './ledger-keys.js';

/** What the ledger says of a key that is lost, and where. */
export interface LostKey extends LedgerKeyLost {
  readonly position: number;
}

interface RecordLostKey {
  readonly commandId: string;
  readonly lost: LedgerKeyLost;
}

/** A key is lost once. Pure. */
const lostKeyDecider: Decider<readonly string[], RecordLostKey, LedgerKeyEvent> = {
  initial: () => [],
  decide: ({ lost }, known) => (known.includes(lost.keyId) ? [] : [{ type: 'LedgerKeyLost', data: lost }]),
  evolve: (known, { data }) => [...known, data.keyId],
};

/** The lost keys of a ledger, of which there are few. */
export async function lostKeysOf(store: EventStore, keys: LedgerKeys): Promise<readonly LostKey[]> {
  const macs = new EventMacs(keys);
  const found: LostKey[] = [];
  let before: RecordedEvent | undefined;
  for await (const event of eventsOf(store, LEDGER_KEYS_STREAM)) {
    if (isOurs(event, before, macs))
      found.push({ ...(event.data as unknown as LedgerKeyLost), position: event.position });
    before = event;
  }
  return found;
}

const isOurs = (event: RecordedEvent, before: RecordedEvent | undefined, macs: EventMacs): boolean =>
  event.type === 'LedgerKeyLost' &&
  event.metadata['hash'] === chainHash(String(before?.metadata['hash'] ?? GENESIS), event) &&
  'keyId' in macs.check(event);

/** False when that is known. */
export async function recordLostKey(store: EventStore, lost: LedgerKeyLost): Promise<boolean> {
  const writer = new StreamWriter({ store, decider: lostKeyDecider });
  return accepted(await writer.execute(LEDGER_KEYS_STREAM, { commandId: newId(), lost })).length > 0;
}
