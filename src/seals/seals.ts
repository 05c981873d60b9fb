import { Inject, Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore, type RecordedEvent, Snapshots, StreamWriter } from '../event-store/index.js';
import { accepted, countOf, newId } from '../kernel/index.js';
import { CHECKPOINT_PLACES, type CheckpointPlace, LEDGER_KEYS } from './checkpoint-places.js';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { leafInput } from './leaf.js';
import type { LedgerKeys } from './ledger-keys.js';
import { LogTree } from './log-tree.js';
import { InvalidNote, openNote, signNote } from './note.js';
import { type LostKey, lostKeysOf } from './lost-keys.js';
import { type RecordCheckpoint, sealDecider, sealSnapshots, type SealState } from './seal.decider.js';
import { type CheckpointSigned, revisionOfSize, type SealEvent, SEALS_STREAM } from './seal.events.js';

/** A checkpoint with its note. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** That an event is in the log which a checkpoint seals. */
export interface InclusionProof {
  /** The signed note of the checkpoint. */
  readonly checkpoint: string;
  /** Which leaf the event is; counts from 0. */
  readonly index: number;
  /** The input of its leaf hash (src/seals/leaf.ts). */
  readonly leaf: string;
  /** RFC 6962, section 2.1.1; each hash in base64. */
  readonly proof: readonly string[];
}

/** The checkpoints of the ledger, proofs for them, and notes signed with its key. */
@Injectable()
export class Seals {
  readonly #checkpoints: StreamWriter<SealState, RecordCheckpoint, SealEvent>;
  readonly #tree: LogTree;

  constructor(
    private readonly store: EventStore,
    readModels: ReadModelStore,
    /** Undefined where the ledger has no key: then nothing is signed. */
    @Inject(LEDGER_KEYS) readonly keys: LedgerKeys | undefined,
    @Inject(CHECKPOINT_PLACES) readonly places: readonly CheckpointPlace[],
  ) {
    const snapshots = new Snapshots(readModels, sealSnapshots);
    this.#checkpoints = new StreamWriter({ store, decider: sealDecider, snapshots });
    this.#tree = new LogTree(store, readModels);
  }

  get tree(): LogTree {
    return this.#tree;
  }

  /** The newest checkpoint in the ledger, whoever signed it; undefined before the first. */
  newest(): Promise<CheckpointSigned | undefined> {
    return this.#checkpoints.read(SEALS_STREAM, ({ newest }) => newest, { fresh: true });
  }

  /**
   * Up to `limit` checkpoints, newest first: the newest, or those before revision `before` of their stream. `before` of the answer is where the
   * next page begins; undefined after the first checkpoint.
   */
  async list(limit: number, before?: number): Promise<{ checkpoints: CheckpointSigned[]; before: number | undefined }> {
    const end = before ?? (await this.#checkpoints.read(SEALS_STREAM, ({ count }) => count, { fresh: true }));
    const from = Math.max(0, end - limit);
    const events = end > from ? await this.store.readStream(SEALS_STREAM, from, end - from) : [];
    const checkpoints = events.map(({ data }) => data as unknown as CheckpointSigned).toReversed();
    return { checkpoints, before: from > 0 ? from : undefined };
  }

  /** The note of the checkpoint of this size in the ledger, or in a place that has it. */
  async noteOf(size: number): Promise<string | undefined> {
    const [recorded] = await this.store.readStream(SEALS_STREAM, await revisionOfSize(this.store, size), 1);
    if (recorded?.data['size'] === size) return String(recorded.data['note']);
    for (const place of this.places) if ((await place.sizes())?.includes(size)) return place.read(size);
    return undefined;
  }

  /** The keys that are lost for good. */
  async lostKeys(): Promise<readonly LostKey[]> {
    return this.keys === undefined ? [] : lostKeysOf(this.store, this.keys);
  }

  /** Records a checkpoint, unless there is one of its size or more: false then. */
  async record({ size, root, note }: SignedCheckpoint, at: number): Promise<boolean> {
    const rootHash = Buffer.from(root).toString('base64');
    const command = { type: 'RecordCheckpoint', commandId: newId(), size, rootHash, note, at } as const;
    return accepted(await this.#checkpoints.execute(SEALS_STREAM, command)).length > 0;
  }

  /**
   * The proof that an event is in the log, for the newest checkpoint; undefined while none covers it.
   * @throws RangeError for an event that the ledger does not have
   */
  async prove(stream: string, revision: number): Promise<InclusionProof | undefined> {
    const [event] = await this.store.readStream(stream, revision, 1);
    if (event?.revision !== revision) throw new RangeError(`the ledger has no revision ${revision} of ${stream}`);
    return this.proveEvent(event, await this.newest());
  }

  /** The same for an event that was read, and a checkpoint. */
  async proveEvent(
    event: RecordedEvent,
    checkpoint: CheckpointSigned | undefined,
  ): Promise<InclusionProof | undefined> {
    if (checkpoint === undefined) return undefined;
    const index = await this.#tree.indexOf(event);
    if (index >= checkpoint.size) return undefined;
    const proof = await this.#tree.inclusion(index, checkpoint.size);
    if (proof === undefined)
      throw new Error(`the log is shorter than its checkpoint of ${countOf(checkpoint.size, 'event')}`);
    const hashes = proof.map((hash) => hash.toString('base64'));
    return { checkpoint: checkpoint.note, index, leaf: leafInput(event), proof: hashes };
  }

  /** A text, which ends with a newline, as a note signed with the key of the ledger; undefined without one. */
  sign(text: string): string | undefined {
    return this.keys && signNote(text, [this.keys.newest]);
  }

  /** The text of a note that a key of the ledger signed. @throws InvalidNote */
  open(note: string): string {
    return openNote(note, this.keys?.verifiers ?? []).text;
  }

  /** The checkpoint of a size that a place has. @throws InvalidNote, also for one of another size, which was put in its place */
  async keptIn(
    place: CheckpointPlace,
    size: number,
  ): Promise<SignedCheckpoint & { readonly keyIds: readonly string[] }> {
    const opened = this.openCheckpoint(await place.read(size));
    if (opened.size !== size) throw new InvalidNote(`it seals ${countOf(opened.size, 'event')}`);
    return opened;
  }

  /** A checkpoint that a key of the ledger signed. @throws InvalidNote */
  openCheckpoint(note: string): SignedCheckpoint & { readonly keyIds: readonly string[] } {
    const { origin, size, root, by } = openCheckpoint(note, this.keys?.verifiers ?? []);
    return { origin, size, root, note, keyIds: by.map(({ keyId }) => keyId) };
  }
}
