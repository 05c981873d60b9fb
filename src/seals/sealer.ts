import { Injectable } from '@nestjs/common';
import { EventStore } from '../event-store/index.js';
import { Clock } from '../kernel/index.js';
import type { CheckpointPlace } from './checkpoint-places.js';
import { checkpointText } from './checkpoint.js';
import type { LedgerKey } from './ledger-keys.js';
import { InvalidNote, signNote } from './note.js';
import { Seals, type SignedCheckpoint } from './seals.js';
import { SEALS_STREAM } from './seal.events.js';

/** The log is not what was sealed before: nothing is signed. The message says what differs. */
export class LogAltered extends Error {
  override readonly name = 'LogAltered';
}

type Opened = ReturnType<Seals['openCheckpoint']>;

export interface SealReport {
  /** The newest checkpoint; undefined when the log is empty. */
  readonly checkpoint: SignedCheckpoint | undefined;
  /** Whether it was made now. */
  readonly isNew: boolean;
  /** Places that could not be written to, with the reasons. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Signs checkpoints of the log, and writes them outside it. */
@Injectable()
export class Sealer {
  /** By place, the size of the newest checkpoint that it is known to have. */
  readonly #written = new Map<CheckpointPlace, number>();

  constructor(
    private readonly seals: Seals,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Signs the log as it is now, if it has grown since the newest checkpoint by more than that checkpoint, and brings every place up to date.
   * Undefined when there is no key, or a signal ended it.
   * @throws LogAltered when the log does not begin with what an earlier checkpoint seals
   */
  async seal(signal?: AbortSignal): Promise<SealReport | undefined> {
    const { keys, tree } = this.seals;
    if (keys === undefined) return undefined;
    const grown = await tree.grow(signal);
    if (grown === undefined) return undefined;
    const previous = await this.#previous();
    const failures = new Map(previous.unread);
    if (previous.newest !== undefined) await this.#compare(previous.newest, grown.size);
    if (!(await this.#hasGrown(previous.newest?.size ?? 0))) {
      await this.#publish(previous.newest, failures);
      return { checkpoint: previous.newest, isNew: false, failures };
    }
    const head = { origin: keys.origin, size: grown.size, root: grown.root };
    const note = signNote(checkpointText(head), this.#signers(previous.newest));
    const checkpoint = { ...head, note };
    const isNew = await this.seals.record(checkpoint, this.clock.now());
    if (isNew) await this.#publish(checkpoint, failures);
    return { checkpoint, isNew, failures };
  }

  /** The first checkpoint after a change of keys is signed with both, so that whoever trusts the old one learns to trust the new one. */
  #signers(previous: Opened | undefined): readonly LedgerKey[] {
    const { all, newest } = this.seals.keys as NonNullable<Seals['keys']>;
    if (previous === undefined || previous.keyIds.includes(newest.keyId)) return [newest];
    return [newest, ...all.filter(({ keyId }) => previous.keyIds.includes(keyId))];
  }

  /** The largest checkpoint that the ledger or a place has. */
  async #previous(): Promise<{ newest: Opened | undefined; unread: ReadonlyMap<string, string> }> {
    const unread = new Map<string, string>();
    const recorded = await this.seals.newest();
    let newest = recorded && this.#open(recorded.note, `revision of ${SEALS_STREAM}`);
    for (const place of this.seals.places) {
      if (this.#written.has(place)) continue; // what it has is ours
      try {
        const size = (await place.sizes())?.at(-1);
        this.#written.set(place, size ?? 0);
        if (size === undefined || size <= (newest?.size ?? 0)) continue;
        newest = this.#open(await place.read(size), place.name);
      } catch (error) {
        if (error instanceof LogAltered) throw error;
        unread.set(place.name, (error as Error).message);
      }
    }
    return { newest, unread };
  }

  /** @throws LogAltered */
  #open(note: string, where: string): Opened {
    try {
      return this.seals.openCheckpoint(note);
    } catch (error) {
      if (!(error instanceof InvalidNote)) throw error;
      throw new LogAltered(
        `the newest checkpoint in ${where} is not signed by a key of LEDGER_KEY_FILE (${error.message}): name the earlier keys there, too, or restore the file`,
        { cause: error },
      );
    }
  }

  async #compare({ size, root }: Opened, now: number): Promise<void> {
    if (size > now) throw new LogAltered(`the log has ${now} events; a checkpoint seals ${size}: its end was cut off`);
    const present = await this.seals.tree.root(size);
    if (present !== undefined && Buffer.compare(present, root) === 0) return;
    throw new LogAltered(
      `the first ${size} events of the log are not those that a checkpoint seals: they were altered`,
    );
  }

  /** Whether there are events after the first `size` that are no checkpoints. */
  async #hasGrown(size: number): Promise<boolean> {
    const next = await this.store.readAll(await this.seals.tree.positionBefore(size), 2);
    return next.length > 1 || next.some(({ stream }) => stream !== SEALS_STREAM);
  }

  /** Writes a checkpoint to the places that lack it. What fails is tried again with the next one. */
  async #publish(checkpoint: SignedCheckpoint | undefined, failures: Map<string, string>): Promise<void> {
    if (checkpoint === undefined) return;
    const { size, note } = checkpoint;
    const lacking = this.seals.places.filter((place) => (this.#written.get(place) ?? 0) < size);
    const writing = lacking.map(async (place) => {
      try {
        await place.write(size, note);
        this.#written.set(place, size);
        failures.delete(place.name);
      } catch (error) {
        failures.set(place.name, (error as Error).message);
      }
    });
    await Promise.all(writing);
  }
}
