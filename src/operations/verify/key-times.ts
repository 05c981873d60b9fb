import type { RecordedEvent } from '../../event-store/index.js';
import { fromInstant, type JsonObject } from '../../kernel/index.js';
import { InvalidNote, type LedgerKeys, openCheckpoint, SEALS_STREAM } from '../../seals/index.js';

/** How long gateways may still use an earlier key after the first checkpoint by a later one: they are restarted one after another. */
const CHANGE_MS = 3_600_000;

/** Which keys may authenticate events at a point of the log. An earlier key that was stolen forges nothing after it was changed. */
export class KeyTimes {
  /** By the key's place, newest first: when a checkpoint was first signed by it, in epoch milliseconds. */
  readonly #signedAt = new Map<number, number>();
  /** Keys from this place on are no longer used. */
  #retired: number;

  constructor(private readonly keys: LedgerKeys) {
    this.#retired = keys.all.length;
  }

  /** Takes the next event of the log. */
  take({ stream, data }: RecordedEvent): void {
    if (stream !== SEALS_STREAM || this.keys.all.length === 1) return;
    const signed = this.#signed(data);
    if (signed === undefined) return;
    const { by: newest, at } = signed;
    if (!this.#signedAt.has(newest)) this.#signedAt.set(newest, at);
    if (at - (this.#signedAt.get(newest) as number) >= CHANGE_MS) this.#retired = Math.min(this.#retired, newest + 1);
  }

  /** The place of the newest key that signed a checkpoint, and when; undefined for a forged one, whose hash, MAC or note is found wrong. */
  #signed({ note, at }: JsonObject): { readonly by: number; readonly at: number } | undefined {
    try {
      const { by } = openCheckpoint(String(note), this.keys.verifiers);
      return {
        by: this.keys.all.findIndex(({ mac }) => by.some((each) => each.mac.id === mac.id)),
        at: fromInstant(String(at)),
      };
    } catch (error) {
      if (error instanceof InvalidNote || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Why an event must not have its MAC by this key here; undefined when it may. */
  faultOf(macId: string): string | undefined {
    const place = this.keys.all.findIndex(({ mac }) => mac.id === macId);
    return place < this.#retired ? undefined : `has a MAC by the key ${macId}, which another had replaced by then`;
  }
}
