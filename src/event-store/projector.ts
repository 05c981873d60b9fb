import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../kernel/index.js';
import { type EventStore, type RecordedEvent } from './event-store.js';
import { emptyMarked, logFault, markLog, replaceMark } from './log-mark.js';
import type { Projection } from './projection.js';
import type { ReadModelStore, Row, ViewDefinition } from './read-model-store.js';

export interface ProjectorProgress {
  readonly position: number;
  readonly head: number;
  readonly events: number;
}

/** A projection can't go on: it stops, for people to look at. An event that it can't take in, or a log that it was not made from. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
}

const PAGE = 2_000;
/** After a store failed, it is tried again at this interval. */
const RETRY_MS = 1_000;
/** A live projector rests this long between batches, so that the events of a call fall into one write. */
const REST_MS = 100;

/**
 * Keeps one projection up to date. Rows are absolute and guarded by position, and the checkpoint moves with them, so redelivery,
 * rebuild and a second projector on the same view are all the same code.
 */
export class Projector {
  #position = -1;
  #failure: PoisonEvent | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly projection: Projection,
    /** Where rows go: the projection's own view, or the one a rebuild fills. */
    private readonly view: ViewDefinition = projection.view,
  ) {}

  get name(): string {
    return this.view.name;
  }

  /** The position up to which the view has seen all events. */
  get position(): number {
    return this.#position;
  }

  /** The poison event that stopped it. */
  get failure(): PoisonEvent | undefined {
    return this.#failure;
  }

  /** Takes in everything up to the present head. */
  async catchUp(onProgress?: (progress: ProjectorProgress) => void, signal?: AbortSignal): Promise<void> {
    const head = await this.store.head();
    await this.#resume();
    let events = 0;
    while (this.#position < head && !signal?.aborted) {
      const page = await this.store.readAll(this.#position, PAGE);
      if (page.length === 0) return;
      await this.#take(page);
      events += page.length;
      onProgress?.({ position: this.#position, head, events });
    }
  }

  /**
   * Follows the store until `signal` aborts. A store that fails is tried again, and `onTrouble` told.
   * @throws PoisonEvent, which stops this projection and nothing else.
   */
  async run(signal: AbortSignal, onTrouble: (error: unknown) => void = () => undefined): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#resume();
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PoisonEvent) {
          this.#failure = error;
          throw error;
        }
        onTrouble(error);
        await rest(RETRY_MS, signal);
      }
    }
  }

  /** @throws PoisonEvent when the view was made from another log than this one. */
  async #resume(): Promise<void> {
    const fault = await logFault(this.store, this.readModels, this.view);
    if (fault !== undefined) throw new PoisonEvent(fault.sentence);
    this.#position = await this.readModels.checkpoint(this.view);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const batch of this.store.subscribe(this.#position, signal)) {
      if (!(await this.#take(batch))) return; // another projector moved the checkpoint: start again from there
      await rest(REST_MS, signal);
    }
  }

  async #take(events: readonly RecordedEvent[]): Promise<boolean> {
    const last = events.at(-1);
    if (last === undefined) return true;
    const from = this.#position;
    const rows = await this.#step(events);
    await markLog(this.readModels, this.view, last);
    const moved = await this.readModels.apply(this.view, { rows, checkpoint: { from, to: last.position } });
    this.#position = moved ? last.position : await this.readModels.checkpoint(this.view);
    return moved;
  }

  async #step(events: readonly RecordedEvent[]): Promise<Row[]> {
    const mine = events.flatMap((event) => {
      const id = this.projection.rowId(event);
      return id === undefined ? [] : [{ id, event }];
    });
    if (mine.length === 0) return [];
    const rows = new Map<string, Row>(await this.readModels.load(this.view, [...new Set(mine.map(({ id }) => id))]));
    const changed = new Map<string, Row>();
    for (const { id, event } of mine) {
      const row = rows.get(id);
      if (row !== undefined && event.position <= row.position) continue;
      const next: Row = { id, position: event.position, doc: this.#stepOne(row?.doc, event) };
      rows.set(id, next);
      changed.set(id, next);
    }
    return [...changed.values()];
  }

  #stepOne(doc: JsonObject | undefined, event: RecordedEvent): JsonObject {
    try {
      return this.projection.step(doc, event);
    } catch (cause) {
      const { type, stream, revision } = event;
      throw new PoisonEvent(`${this.name} stopped at ${type}, revision ${revision} of ${stream}: ${String(cause)}`, {
        cause,
      });
    }
  }
}

/** Waits, but not beyond the abort. */
const rest = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

/** Builds a projection anew beside the live one, then puts it in its place. Reads go on with the old rows until then. */
export async function rebuild(
  store: EventStore,
  readModels: ReadModelStore,
  projection: Projection,
  onProgress?: (progress: ProjectorProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const beside = { ...projection.view, name: `${projection.view.name}-rebuild` };
  // What an earlier rebuild left there may be of the log as it was before it was moved or restored.
  if ((await logFault(store, readModels, beside)) !== undefined) await emptyMarked(readModels, beside);
  await new Projector(store, readModels, projection, beside).catchUp(onProgress, signal);
  if (signal?.aborted) return;
  await readModels.replace(projection.view, beside);
  await replaceMark(readModels, projection.view, beside);
}
