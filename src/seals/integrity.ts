// How the ledger is sealed, as operators look at it.
import { Injectable } from '@nestjs/common';
import { EventStore } from '../event-store/index.js';
import type { CheckpointPlace } from './checkpoint-places.js';
import { type CheckpointSigned, SEALS_STREAM } from './seal.events.js';
import { Seals } from './seals.js';

/** Events after the newest checkpoint are counted up to here. */
export const MOST_UNSEALED = 1_000;

export interface PlaceStatus {
  readonly name: string;
  /** The sizes of its checkpoints, in order; undefined where it can only be written to, or can’t be reached. */
  readonly sizes: readonly number[] | undefined;
  /** Why it can’t be reached. */
  readonly fault: string | undefined;
}

export interface SealStatus {
  readonly newest: CheckpointSigned | undefined;
  /** Events after it, without checkpoints; `MOST_UNSEALED` also stands for more. */
  readonly unsealed: number;
  readonly places: readonly PlaceStatus[];
}

/** Looks at the checkpoints of the ledger, and asks each place what it has. */
@Injectable()
export class SealStatuses {
  constructor(
    private readonly seals: Seals,
    private readonly store: EventStore,
  ) {}

  async status(): Promise<SealStatus> {
    const newest = await this.seals.newest();
    const [unsealed, ...places] = await Promise.all([
      this.#unsealed(newest?.size ?? 0),
      ...this.seals.places.map((place) => this.#placeStatus(place)),
    ]);
    return { newest, unsealed, places };
  }

  async #unsealed(size: number): Promise<number> {
    const after = await this.seals.tree.positionBefore(size);
    const events = await this.store.readEnvelopes(after, MOST_UNSEALED);
    return events.filter(({ stream }) => stream !== SEALS_STREAM).length;
  }

  async #placeStatus(place: CheckpointPlace): Promise<PlaceStatus> {
    const { name } = place;
    try {
      return { name, sizes: await place.sizes(), fault: undefined };
    } catch (error) {
      return { name, sizes: undefined, fault: (error as Error).message };
    }
  }
}
