import { type JsonObject, pause } from '../kernel/index.js';
import { type EventStore, type RecordedEvent } from './event-store.js';
import { emptyView, logFault, markLog, replaceMark } from './log-mark.js';
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

/** What is told of a projector that runs. */
export interface ProjectorEvents {
  /** Its store failed, and is tried again. */
  readonly onTrouble?: (error: unknown) => void;
  /** It has taken in so many events; 0 when it found that there are none to take in. */
  readonly onTaken?: (events: number) => void;
}

/** How a long way through the log is walked. */
interface Pace {
  /** Events at a time. */
  readonly page: number;
  /** Rests after a page for this many times as long as it kept the thread busy. */
  readonly rests: number;
}

const AT_FULL_SPEED: Pace = { page: 2_000, rests: 0 };
/** Calls on the same thread wait for the steps of a page. */
const BESIDE_CALLS: Pace = { page: 200, rests: 2 };
/** As many as stores send at once to who is behind. */
const FULL_BATCH = 500;
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

  /** Whether the view is not as far any more as this has written it: it was lost, or an older copy put back. */
  async isSetBack(): Promise<boolean> {
    const written = this.#position;
    return (await this.readModels.checkpoint(this.view)) < written;
  }

  /** Takes in everything up to the present head. @throws PoisonEvent */
  catchUp(onProgress?: (progress: ProjectorProgress) => void, signal?: AbortSignal): Promise<void> {
    return this.#walk(AT_FULL_SPEED, onProgress, signal);
  }

  async #walk(pace: Pace, onProgress?: (progress: ProjectorProgress) => void, signal?: AbortSignal): Promise<void> {
    const head = await this.store.head();
    await this.#resume();
    let events = 0;
    while (this.#position < head && !signal?.aborted) {
      const before = performance.eventLoopUtilization();
      const page = await this.store.readAll(this.#position, pace.page);
      if (page.length === 0) return;
      if (await this.#take(page)) events += page.length;
      onProgress?.({ position: this.#position, head, events });
      const { active } = performance.eventLoopUtilization(before);
      if (pace.rests > 0) await pause(active * pace.rests, signal);
    }
  }

  /**
   * Follows the store until `signal` aborts. A store that fails is tried again, and `onTrouble` told.
   * @throws PoisonEvent, which stops this projection and nothing else.
   */
  async run(signal: AbortSignal, { onTrouble, onTaken }: ProjectorEvents = {}): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#catchUpBesideCalls(signal, onTaken);
        await this.#follow(signal, onTaken);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PoisonEvent) {
          this.#failure = error;
          throw error;
        }
        onTrouble?.(error);
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** @throws PoisonEvent when the view was made from another log than this one. */
  async #resume(): Promise<void> {
    const fault = await logFault(this.store, this.readModels, this.view);
    if (fault !== undefined) throw new PoisonEvent(fault.sentence);
    this.#position = await this.readModels.checkpoint(this.view);
  }

  /** Without the rests of a live one: it may have the whole log before it. */
  async #catchUpBesideCalls(signal: AbortSignal, onTaken: ProjectorEvents['onTaken']): Promise<void> {
    let told = 0;
    const tell = ({ events }: ProjectorProgress): void => {
      onTaken?.(events - told);
      told = events;
    };
    await this.#walk(BESIDE_CALLS, tell, signal);
    if (told === 0) onTaken?.(0);
  }

  async #follow(signal: AbortSignal, onTaken: ProjectorEvents['onTaken']): Promise<void> {
    for await (const batch of this.store.subscribe(this.#position, signal)) {
      if (!(await this.#take(batch))) return; // another projector moved the checkpoint: start again from there
      onTaken?.(batch.length);
      if (batch.length < FULL_BATCH) await pause(REST_MS, signal); // behind a full one there are more
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

/** Where a rebuild puts the rows of a view until they are all there. */
export const besideView = (view: ViewDefinition): ViewDefinition => ({ ...view, name: `${view.name}-rebuild` });

/**
 * Builds a projection anew beside the live one, then puts it in its place. Reads go on with the old rows until then, and never see
 * less than they saw before. Cancelled, it goes on from there the next time. False when it was cancelled.
 * @throws PoisonEvent
 */
export async function rebuild(
  store: EventStore,
  readModels: ReadModelStore,
  projection: Projection,
  onProgress?: (progress: ProjectorProgress) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const { view } = projection;
  const beside = besideView(view);
  // What an earlier rebuild left there may be of the log as it was before it was moved or restored.
  if ((await logFault(store, readModels, beside)) !== undefined) await emptyView(readModels, beside);
  const projector = new Projector(store, readModels, projection, beside);
  for (;;) {
    await projector.catchUp(onProgress, signal);
    if (signal?.aborted) return false;
    const at = { live: await readModels.checkpoint(view), rebuilt: projector.position };
    // A live view of another log, or of events that are gone, must go back.
    const isNewer = at.rebuilt >= at.live || (await logFault(store, readModels, view)) !== undefined;
    if (!isNewer || !(await readModels.replace(view, beside, at))) continue;
    await replaceMark(readModels, view, beside);
    return true;
  }
}
