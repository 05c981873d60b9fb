// The versions of the price list in memory, applied in the order of the `price-list` stream.
import type { PriceListEvent } from './price-list.js';
import { evolveVersions, type PriceVersion, timelineOf } from './price-versions.js';
import { compilePriceList, type PriceList } from './rate.js';

export class PriceBook {
  #versions: readonly PriceVersion[] = [];
  readonly #compiled: PriceList[] = [];
  /** Those that are, were or will be in force, by the instant from which they are. */
  #timeline: readonly PriceList[] = [];

  /** Applies the next event; a known one changes nothing. @throws Error when a version in between is missing */
  apply(event: PriceListEvent): void {
    if (this.#knows(event)) return;
    this.#versions = evolveVersions(this.#versions, event);
    if (event.type === 'PriceListPublished') this.#compiled.push(compilePriceList(event.data));
    this.#timeline = timelineOf(this.#versions).flatMap(({ version }) => this.version(version) ?? []);
  }

  #knows({ type, data }: PriceListEvent): boolean {
    const version = this.#versions[data.version - 1];
    return type === 'PriceListPublished' ? version !== undefined : version?.withdrawn !== undefined;
  }

  /** The version in force at an instant (ms since the epoch), as far as it is known here; undefined before the first. */
  inForce(atMs: number): PriceList | undefined {
    return this.#timeline.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs);
  }

  /** The version of that number, withdrawn or not; undefined when there is none. */
  version(number: number): PriceList | undefined {
    return this.#compiled[number - 1];
  }

  /** The version that was published last, in force or not; undefined when none was published. */
  newest(): PriceList | undefined {
    return this.#compiled.at(-1);
  }

  /** Every version, as published, and its withdrawal. */
  get versions(): readonly PriceVersion[] {
    return this.#versions;
  }
}
