import type { RecordedEvent } from '../../event-store/index.js';
import { countOf } from '../../kernel/index.js';
import { EventMacs, type LostKey } from '../../seals/index.js';

/** What keys that are lost for good once vouched for: nobody can check it any more but by their public keys. */
export class LostKeys {
  /** By its id, each key with the number of events that have a MAC by it, from before it was lost. */
  readonly #keys: ReadonlyMap<string, { readonly key: LostKey; events: number }>;
  #unopened = 0;

  constructor(keys: readonly LostKey[]) {
    this.#keys = new Map(keys.map((key) => [key.keyId, { key, events: 0 }]));
  }

  /** Takes an event that a lost key authenticated, with the fault of one that came after the loss; undefined for all others. */
  take({ metadata, position }: RecordedEvent): { readonly fault?: string } | undefined {
    const lost = this.#keys.get(EventMacs.keyIdOf(metadata['mac']) ?? '');
    if (lost === undefined) return undefined;
    if (position > lost.key.position)
      return { fault: `has a MAC by the key ${lost.key.keyId}, which was lost by then` };
    lost.events++;
    return {};
  }

  /** Takes a checkpoint of so many events that no key opens. False when it is of a time after the last lost key. */
  takeCheckpoint(size: number): boolean {
    if (![...this.#keys.values()].some(({ key }) => size <= key.size)) return false;
    this.#unopened++;
    return true;
  }

  /** A sentence for each key, and one for the checkpoints. */
  warnings(): string[] {
    const said = [...this.#keys.values()].map(
      ({ key: { keyId, at, by, reason, replacedBy, size }, events }) =>
        `The key ${keyId} is lost since ${at}, as ${by} recorded (${reason}). ${countOf(events, 'event has a MAC', 'events have MACs')} by it, which nobody can check; ` +
        `since the first checkpoint after that of ${countOf(size, 'event')}, ${replacedBy} vouches for them as they were then.`,
    );
    if (this.#unopened === 0) return said;
    return [
      ...said,
      `${countOf(this.#unopened, 'checkpoint is', 'checkpoints are')} from before a key was lost, and no key that is named has signed them: they were not compared. ` +
        'Where its public key was kept, a file with that, named in LEDGER_KEY_FILE, lets them be compared.',
    ];
  }
}
