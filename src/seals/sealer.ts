import { Injectable } from '@nestjs/common';
import { eventsOf, EventStore, type RecordedEvent, START } from '../event-store/index.js';
import { Clock, countOf, refuse, Refused, toInstant } from '../kernel/index.js';
import type { CheckpointPlace } from './checkpoint-places.js';
import { checkpointText } from './checkpoint.js';
import { EventMacs } from './event-mac.js';
import type { LedgerKeyLost } from './ledger-key.events.js';
import type { LedgerKey } from './ledger-keys.js';
import { recordLostKey } from './lost-keys.js';
import { InvalidNote, signNote } from './note.js';
import { Seals, type SignedCheckpoint } from './seals.js';
import { SEALS_STREAM } from './seal.events.js';

/** The log is not what was sealed before: nothing is signed. The message says what differs. */
export class LogAltered extends Error {
  override readonly name = 'LogAltered';
}

type Opened = ReturnType<Seals['openCheckpoint']>;

interface Known {
  readonly recorded: Opened | undefined;
  readonly kept: Map<CheckpointPlace, Opened | undefined>;
  /** Places that could not be read, with the reasons. */
  readonly unread: Map<string, string>;
}

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
    const known = await this.#known(); // before the log is read: what another gateway signs meanwhile seals more than was read
    const grown = await tree.grow(signal);
    if (grown === undefined) return undefined;
    const previous = await this.#compared(known, grown.size);
    const failures = new Map(known.unread);
    if (!(await this.#hasGrown(previous?.size ?? 0))) {
      await this.#publish(previous, failures);
      return { checkpoint: previous, isNew: false, failures };
    }
    const head = { origin: keys.origin, size: grown.size, root: grown.root };
    const note = signNote(checkpointText(head), this.#signers(previous));
    const checkpoint = { ...head, note };
    const isNew = await this.seals.record(checkpoint, this.clock.now());
    if (isNew) await this.#publish(checkpoint, failures);
    return { checkpoint, isNew, failures };
  }

  /**
   * The newest checkpoint in the ledger, whichever gateway signed it; undefined without any that a key which is not lost has signed.
   * @throws LogAltered when no key of ours did
   */
  async newest(): Promise<Opened | undefined> {
    const recorded = await this.seals.newest();
    if (recorded === undefined) return undefined;
    const where = `the newest checkpoint in the stream ${SEALS_STREAM}`;
    return this.#opened(where, recorded.size, () => this.seals.openCheckpoint(recorded.note));
  }

  /**
   * Records that no copy of a key is left. The next checkpoint is signed by the newest key, and goes on from what the lost one last sealed.
   * False when that was recorded already.
   * @throws Refused `key_not_lost` for a key that is there, or is none of this ledger's; LogAltered where the log is not what the newest checkpoint says
   */
  async replaceLostKey({ keyId, by, reason }: Pick<LedgerKeyLost, 'keyId' | 'by' | 'reason'>): Promise<boolean> {
    const { signing, newest } = this.seals.keys as NonNullable<Seals['keys']>;
    if ((await this.seals.lostKeys()).some((lost) => lost.keyId === keyId)) return false;
    if (signing.some(({ mac }) => mac.id === keyId))
      throw notLost(`LEDGER_KEY_FILE names the key ${keyId}: it is not lost.`);
    const recorded = await this.seals.newest();
    if (!(await this.#isKnown(keyId)))
      throw notLost(`Neither the first event of this ledger nor any of its checkpoints is by a key "${keyId}".`);
    const root = recorded && (await this.seals.tree.root(recorded.size));
    if (root?.toString('base64') !== recorded?.rootHash)
      throw new LogAltered(
        `the first ${recorded?.size} events of the log are not those of its newest checkpoint. Restore a backup before another key vouches for them`,
      );
    const { size = 0, rootHash = null } = recorded ?? {};
    const at = toInstant(this.clock.now());
    return recordLostKey(this.store, { keyId, replacedBy: newest.verifierKey, size, rootHash, by, reason, at });
  }

  /** Whether the first event of the log or one of the seals is by a key. */
  async #isKnown(keyId: string): Promise<boolean> {
    const isBy = ({ metadata }: RecordedEvent): boolean => EventMacs.keyIdOf(metadata['mac']) === keyId;
    if ((await this.store.readAll(START, 1)).some(isBy)) return true;
    for await (const event of eventsOf(this.store, SEALS_STREAM)) if (isBy(event)) return true;
    return false;
  }

  /** The first checkpoint after a change of keys is signed with both, so that whoever trusts the old one learns to trust the new one. */
  #signers(previous: Opened | undefined): readonly LedgerKey[] {
    const { signing, newest } = this.seals.keys as NonNullable<Seals['keys']>;
    if (previous === undefined || previous.keyIds.includes(newest.keyId)) return [newest];
    return [newest, ...signing.filter(({ keyId }) => previous.keyIds.includes(keyId))];
  }

  /** The newest checkpoint in the ledger, and of each place that was not looked at yet. @throws LogAltered */
  async #known(): Promise<Known> {
    const known: Known = { recorded: await this.newest(), kept: new Map(), unread: new Map() };
    for (const place of this.seals.places) {
      if (this.#written.has(place)) continue; // what it has is ours
      try {
        const size = (await place.sizes())?.at(-1);
        known.kept.set(place, size === undefined ? undefined : await this.#keptIn(place, size));
      } catch (error) {
        if (error instanceof LogAltered) throw error;
        known.unread.set(place.name, (error as Error).message);
      }
    }
    return known;
  }

  /**
   * The largest of them. All are compared, and none is taken for looked at before: a place may have what a log that was put back lacks.
   * @throws LogAltered
   */
  async #compared({ recorded, kept }: Known, now: number): Promise<Opened | undefined> {
    const all = [recorded, ...kept.values()].filter((each) => each !== undefined);
    for (const each of all) await this.#compare(each, now);
    for (const [place, newest] of kept) this.#written.set(place, newest?.size ?? 0);
    return all.reduce<Opened | undefined>((most, each) => (each.size > (most?.size ?? 0) ? each : most), undefined);
  }

  /** @throws LogAltered */
  async #keptIn(place: CheckpointPlace, size: number): Promise<Opened | undefined> {
    const where = `the checkpoint of ${countOf(size, 'event')} in ${place.name}`;
    return this.#opened(where, size, () => this.seals.keptIn(place, size));
  }

  /** Undefined for one from before a key was lost, which nobody can check any more. @throws LogAltered */
  async #opened(where: string, size: number, open: () => Opened | Promise<Opened>): Promise<Opened | undefined> {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof InvalidNote)) throw error;
      if ((await this.seals.lostKeys()).some((lost) => size <= lost.size)) return undefined;
      throw new LogAltered(
        `${where} is not signed by a key of LEDGER_KEY_FILE, or is none (${error.message}): name the earlier keys there, too, or restore the file`,
        { cause: error },
      );
    }
  }

  async #compare({ size, root }: Opened, now: number): Promise<void> {
    if (size > now)
      throw new LogAltered(`the log has ${countOf(now, 'event')}; a checkpoint seals ${size}: its end was cut off`);
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

const notLost = (message: string): Refused => new Refused(refuse('conflict', 'key_not_lost', message));
