import { EventMacs, type LedgerKeys } from '../../seals/index.js';
import { Faults } from './faults.js';

/** So many ids of keys are named. */
const NAMED = 3;

/**
 * Tells a ledger whose key is missing from one with forged events: the first has no MAC by a key that is named. What follows from that is not worth
 * a sentence for each event.
 */
export class MissingKey {
  /** Events with MACs by keys that are not named, and checkpoints that can't be opened. */
  readonly #events = new Faults();
  readonly #checkpoints = new Faults();
  readonly #ids = new Set<string>();
  #isNamed = false;

  constructor(private readonly keys: LedgerKeys | undefined) {}

  /** Takes the MAC of an event, and what is wrong with it. False when it is not by a key that is not named: then its fault is not taken. */
  take(mac: unknown, fault?: string): boolean {
    const id = EventMacs.keyIdOf(mac);
    if (id === undefined) return false;
    if (this.keys?.all.some((key) => key.mac.id === id) === true) {
      this.#isNamed = true;
      return false;
    }
    if (this.#ids.size < NAMED) this.#ids.add(id);
    if (fault !== undefined) this.#events.push(fault);
    return true;
  }

  takeCheckpoint(fault: string): void {
    this.#checkpoints.push(fault);
  }

  /** In one sentence where the key is missing; otherwise one by one. */
  faults(): readonly Faults[] {
    if (this.#isNamed || this.#ids.size === 0) return [this.#checkpoints, this.#events];
    const own = this.keys?.all.map(({ mac }) => mac.id).join(', ');
    const named = own === undefined ? 'no key' : `only ${own}`;
    const missing = new Faults();
    missing.push(
      `The key of this ledger is missing: its events have MACs by the key ${[...this.#ids].join(', ')}, and LEDGER_KEY_FILE names ${named}. Name the file there that the gateways have, and verify again: without it, nothing tells which events and checkpoints were forged. If no copy of it is left: docs/operating.md, "A lost key".`,
    );
    return [missing];
  }
}
