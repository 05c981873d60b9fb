// Checks the log against what was sealed: every checkpoint in the ledger and outside it, the MAC of every event, and that no event has
// metadata that nothing explains. It takes the events one after another, and holds nothing that grows with their number.
import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import { countOf, fromInstant, pause } from '../../kernel/index.js';
import {
  type CheckpointPlace,
  EventMacs,
  GrowingTree,
  InvalidNote,
  leafOf,
  revisionOfSize,
  SEALS_STREAM,
  type Seals,
  type SignedCheckpoint,
} from '../../seals/index.js';
import { Faults } from './faults.js';
import { KeyTimes } from './key-times.js';
import { LostKeys } from './lost-keys.js';
import { MissingKey } from './missing-key.js';
import { Unsealed } from './unsealed.js';

/** What an event may carry beside what the hash covers. */
const METADATA = new Set(['hash', 'mac', 'recordedAt', 'position']);
/** A place on a server is asked for so many checkpoints at most. The newest is among them, and it seals what every earlier one does. */
const MOST_READ = 1_000;
/** A gateway that has worked for so long has sealed. */
const SURELY_SEALED_MS = 10 * 60_000;
const WRITTEN_WITHIN_MS = 2_000;

/** Checkpoints from one source, in order of their sizes. */
interface Source {
  readonly name: string;
  readonly checkpoints: AsyncIterator<SignedCheckpoint>;
  next: SignedCheckpoint | undefined;
}

export class SealCheck {
  /** Of checkpoints, and of what they seal. */
  readonly faults = new Faults();
  /** What may follow from a missing key. Complete after the last event. */
  readonly #missing: MissingKey;
  /** Events that no gateway wrote. Apart, as there may be so many that they would leave no room for the checkpoints. */
  readonly forged = new Faults();
  /** What vouches for nothing, a sentence each. Complete after `finish`. */
  readonly warnings: string[] = [];
  /** How many checkpoints were compared. */
  compared = 0;
  readonly #sources: Source[] = [];
  readonly #unsealed = new Unsealed();
  readonly #macs: EventMacs | undefined;
  readonly #keyTimes: KeyTimes | undefined;
  #lost = new LostKeys([]);
  /** From this leaf on, every event must have a MAC: the first checkpoint vouches for those before it. */
  #macsFrom = Infinity;
  #withoutMac = 0;
  #differs = false;
  /** The size of the newest checkpoint in the ledger; 0 without any. */
  #newestRecorded = 0;
  /** When the first event and the last one were recorded. */
  #span = { from: '', to: '' };

  private constructor(
    private readonly seals: Seals,
    private readonly tree: GrowingTree,
  ) {
    const { keys } = seals;
    this.#macs = keys && new EventMacs(keys);
    this.#keyTimes = keys && new KeyTimes(keys);
    this.#missing = new MissingKey(keys);
  }

  /** Begins with the leaves that `tree` has, which are trusted. */
  static async open(store: EventStore, seals: Seals, tree = new GrowingTree()): Promise<SealCheck> {
    const check = new SealCheck(seals, tree);
    if (seals.keys === undefined) return check;
    check.#lost = new LostKeys(await seals.lostKeys());
    if (tree.size > 0) check.#macsFrom = tree.size;
    await check.#add(`the stream ${SEALS_STREAM}`, check.#recorded(store));
    for (const place of seals.places) await check.#addPlace(place);
    return check;
  }

  /** Takes the next event of the log. */
  take(event: RecordedEvent): void | Promise<void> {
    const index = this.tree.size;
    this.tree.add(leafOf(event));
    this.#unsealed.add(event, index);
    this.#span = { from: this.#span.from || event.recordedAt, to: event.recordedAt };
    this.#checkMetadata(event);
    this.#checkMac(event, index);
    if (this.#sources.some(({ next }) => next !== undefined && next.size <= this.tree.size)) return this.#compare();
  }

  /** All faults, after the last event. */
  get found(): readonly Faults[] {
    return [...this.#missing.faults(), this.faults, this.forged];
  }

  /** After the last event. */
  async finish(): Promise<void> {
    const { size } = this.tree;
    this.warnings.push(...this.#lost.warnings());
    let newest: { readonly size: number; readonly name: string } | undefined;
    for (const source of this.#sources) {
      for (; source.next !== undefined; source.next = await this.#following(source)) {
        if (source.next.size > (newest?.size ?? size)) newest = { size: source.next.size, name: source.name };
      }
    }
    this.#checkVouched();
    await this.#checkPlaces();
    if (newest === undefined) return this.#checkEnd();
    const lost = newest.size - size;
    this.faults.push(
      `The log has ${countOf(size, 'event')}; the checkpoint in ${newest.name} seals ${newest.size}: ${countOf(lost, 'was', 'were')} removed. ${this.#unsealed.whatIsGone()}`,
    );
  }

  /** What came after the last checkpoint that matched, in a ledger that is a file: positions show what is gone from the middle of it. */
  #checkEnd(): void {
    const missing = this.#differs ? undefined : this.#unsealed.missingAmongNew();
    if (missing !== undefined) this.faults.push(`${missing} It came after the newest checkpoint, and was removed.`);
  }

  /** Somebody may have removed everything that shows that the ledger was ever sealed. */
  #checkVouched(): void {
    const found = this.found.reduce((sum, { count }) => sum + count, 0);
    const isSilent = this.compared === 0 && found === 0 && this.#macsFrom === Infinity;
    if (this.seals.keys === undefined || this.tree.size === 0 || !isSilent) return;
    const isNew = fromInstant(this.#span.to) - fromInstant(this.#span.from) < SURELY_SEALED_MS;
    if (this.#withoutMac > 0 || !isNew) {
      this.warnings.push(
        `No checkpoint of this ledger is in it or in any place, so nothing vouches for its ${countOf(this.tree.size, 'event')}, of which ${this.#withoutMac} have no MAC. A gateway seals within a minute of its start: if one ever ran with this key, its checkpoints were removed.`,
      );
    }
  }

  /** Somebody may have removed the checkpoints of a place. */
  async #checkPlaces(): Promise<void> {
    for (const place of this.seals.keys === undefined ? [] : this.seals.places) {
      if (((await newestIn(place)) ?? this.#newestRecorded) >= this.#newestRecorded) continue;
      await pause(WRITTEN_WITHIN_MS); // a gateway may be about to write it
      const size = (await newestIn(place)) ?? 0;
      if (size >= this.#newestRecorded) continue;
      const what = size === 0 ? 'has no checkpoint' : `has no checkpoint after that of ${countOf(size, 'event')}`;
      this.warnings.push(
        `${place.name} ${what}, and the newest in the ledger is of ${this.#newestRecorded}: they were removed there, or were never written.`,
      );
    }
  }

  #checkMetadata({ metadata, stream, revision, type }: RecordedEvent): void {
    const unknown = Object.keys(metadata).filter((key) => !METADATA.has(key));
    if (unknown.length === 0) return;
    this.forged.push(
      `Revision ${revision} of ${stream} (${type}) has metadata that no gateway writes: ${unknown.join(', ')}.`,
    );
  }

  #checkMac(event: RecordedEvent, index: number): void {
    const { stream, revision, type, metadata } = event;
    if (this.#macs === undefined || this.#keyTimes === undefined) return void this.#missing.take(metadata['mac']);
    this.#keyTimes.take(event);
    if (metadata['mac'] === undefined) this.#withoutMac++;
    if (metadata['mac'] === undefined && index < this.#macsFrom) return;
    const lost = this.#lost.take(event);
    const checked = lost ?? this.#macs.check(event);
    const fault = 'keyId' in checked ? this.#keyTimes.faultOf(checked.keyId) : checked.fault;
    const sentence = fault && `Revision ${revision} of ${stream} (${type}) ${fault}: no gateway wrote it.`;
    const isMissing = lost === undefined && this.#missing.take(metadata['mac'], sentence);
    if (!isMissing && sentence !== undefined) this.forged.push(sentence);
  }

  async #compare(): Promise<void> {
    this.#checkRecorded();
    for (const source of this.#sources) {
      while (source.next !== undefined && source.next.size <= this.tree.size) {
        if (source.next.size === this.tree.size) this.#match(source.next, source.name);
        source.next = await this.#following(source);
      }
    }
  }

  /** The sealer records a checkpoint before it writes it anywhere: one that is only outside was removed from the ledger. */
  #checkRecorded(): void {
    const [recorded, ...places] = this.#sources;
    const { size } = this.tree;
    const place = places.find(({ next }) => next?.size === size);
    if (place === undefined || recorded?.next?.size === size) return;
    this.faults.push(
      `The checkpoint of ${countOf(size, 'event')} in ${place.name} is not in the stream ${SEALS_STREAM}: it was removed.`,
    );
  }

  #match({ size, root }: SignedCheckpoint, where: string): void {
    this.compared++;
    if (Buffer.compare(root, this.tree.root) === 0) return this.#unsealed.clear();
    // Every later root differs, too, and says no more.
    if (this.#differs) return;
    this.#differs = true;
    this.faults.push(
      `The first ${size} events of the log are not those that the checkpoint in ${where} seals. ${this.#unsealed.suspects()}`,
    );
  }

  async #add(name: string, checkpoints: AsyncIterator<SignedCheckpoint>): Promise<void> {
    const source: Source = { name, checkpoints, next: undefined };
    source.next = await this.#following(source);
    this.#macsFrom = Math.min(this.#macsFrom, source.next?.size ?? Infinity);
    this.#sources.push(source);
    while (source.next !== undefined && source.next.size < this.tree.size) source.next = await this.#following(source);
  }

  async #following({ checkpoints }: Source): Promise<SignedCheckpoint | undefined> {
    const next = await checkpoints.next();
    return next.done === true ? undefined : next.value;
  }

  async #addPlace(place: CheckpointPlace): Promise<void> {
    try {
      const sizes = await place.sizes();
      if (sizes !== undefined) await this.#add(place.name, this.#kept(place, chosen(sizes)));
    } catch (error) {
      this.faults.push(`The checkpoints in ${place.name} can’t be read: ${(error as Error).message}.`);
    }
  }

  async *#recorded(store: EventStore): AsyncGenerator<SignedCheckpoint> {
    for await (const { data, revision } of eventsOf(store, SEALS_STREAM, await revisionOfSize(store, this.tree.size))) {
      const where = `Revision ${revision} of ${SEALS_STREAM}`;
      const opened = await this.#open(where, data['size'] as number, () =>
        this.seals.openCheckpoint(String(data['note'])),
      );
      if (opened === undefined) continue;
      this.#newestRecorded = opened.size;
      yield opened;
    }
  }

  async *#kept(place: CheckpointPlace, sizes: readonly number[]): AsyncGenerator<SignedCheckpoint> {
    for (const size of sizes) {
      const where = `The checkpoint of ${countOf(size, 'event')} in ${place.name}`;
      const opened = await this.#open(where, size, () => this.seals.keptIn(place, size));
      if (opened !== undefined) yield opened;
    }
  }

  async #open(
    where: string,
    size: number,
    open: () => SignedCheckpoint | Promise<SignedCheckpoint>,
  ): Promise<SignedCheckpoint | undefined> {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof InvalidNote)) throw error;
      if (this.#lost.takeCheckpoint(size)) return undefined;
      this.#missing.takeCheckpoint(`${where} is not a checkpoint of this ledger: ${error.message}.`);
      return undefined;
    }
  }
}

/** The size of its newest checkpoint, 0 without any; undefined where that can't be told, which is a fault of its own or by design. */
const newestIn = async (place: CheckpointPlace): Promise<number | undefined> => {
  const sizes = await place.sizes().catch(() => undefined);
  return sizes && (sizes.at(-1) ?? 0);
};

/** All sizes, or as many as can be read in a reasonable time, evenly spread up to the newest. */
const chosen = (sizes: readonly number[]): readonly number[] => {
  const every = (sizes.length - (sizes.length % MOST_READ)) / MOST_READ + 1;
  return sizes.filter((_, at) => (sizes.length - 1 - at) % every === 0);
};
