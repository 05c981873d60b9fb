// The versions of the price list in memory, applied in the order of the `price-list` stream.
import type { PriceListPublished } from './price-list.js';
import { compilePriceList, type PriceList } from './rate.js';

export class PriceBook {
  readonly #versions: PriceList[] = [];

  /** Applies the next version; a known one changes nothing. @throws Error when a version in between is missing */
  apply(event: PriceListPublished): void {
    if (event.version <= this.#versions.length) return;
    if (event.version !== this.#versions.length + 1) {
      throw new Error(`price list ${event.version} follows version ${this.#versions.length}`);
    }
    this.#versions.push(compilePriceList(event));
  }

  /** The newest version that is effective at an instant (ms since the epoch); undefined before the first. */
  inForce(atMs: number): PriceList | undefined {
    return this.#versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs);
  }

  /** The version of that number; undefined when there is none. */
  version(number: number): PriceList | undefined {
    return this.#versions[number - 1];
  }

  /** The newest version, in force or not yet; undefined when none was published. */
  newest(): PriceList | undefined {
    return this.#versions.at(-1);
  }
}
