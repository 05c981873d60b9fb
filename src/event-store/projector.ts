import { setImmediate as othersFirst } from 'node:timers/promises';
import { type JsonObject, pause } from '../kernel/index.js';
import { type EventFeed, LIVE_BATCH } from './event-feed.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { logFault, markOf } from './log-mark.js';
import type { Projection } from './projection.js';
import type { ReadModelStore, Row, ViewDefinition } from './read-model-store.js';

/**
 * The projection can't continue and needs an operator: either it can't take in an event, or it was made from another
 * log.
 */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
}

/** Callbacks of a running projector. */
export interface ProjectorEvents {
  /** The store failed; the projector tries again. */
  readonly onTrouble?: (error: unknown) => void;
  /** It has taken in this many events; 0 when there were none to take in. */
  readonly onTaken?: (events: number) => void;
}

/** Events per uninterrupted run of steps. Projectors take turns: calls on the same thread wait for the run of one of them, not of all. */
const STEPS = 100;
let turns: Promise<void> = Promise.resolve();
const nextTurn = (): Promise<void> => (turns = turns.then(() => othersFirst()));
/** How long to wait before trying again after the store failed. */
const RETRY_MS = 1_000;
/**
 * A view that is behind rests after each page for this many times as long as the thread was busy, because calls go
 * first; but no longer than the maximum, or it would never catch up while calls fill the thread.
 */
const RESTS = 2;
const LONGEST_REST_MS = 50;
/**
 * A live view rests about this long between batches, so that the events of one call share one write, and longer on a
 * busy thread, so that under load batches grow instead of multiplying.
 */
const REST_MS = 100;
const BUSY_REST_MS = 500;

/**
 * Keeps one projection up to date. Rows are absolute and guarded by position, and the checkpoint moves with them. So
 * redelivery, rebuild and a second projector on the same view all run the same code.
 */
export class Projector {
  #position = -1;
  #events = 0;
  #failure: PoisonEvent | undefined;
  /** Whether the last batch changed a row. */
  #wrote = false;

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

  /** Events taken in by this projector. */
  get events(): number {
    return this.#events;
  }

  /** The poison event that stopped it. */
  get failure(): PoisonEvent | undefined {
    return this.#failure;
  }

  /** Whether the view is behind what this projector wrote: it was lost, or an older copy was restored. */
  async isSetBack(): Promise<boolean> {
    const written = this.#position;
    return (await this.readModels.checkpoint(this.view)) < written;
  }

  /**
   * Follows the log until `signal` aborts. When the store fails, it calls `onTrouble` and tries again.
   * @throws PoisonEvent, which stops only this projection.
   */
  async run(feed: EventFeed, signal: AbortSignal, { onTrouble, onTaken }: ProjectorEvents = {}): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.resume();
        await this.#follow(feed, signal, onTaken);
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

  /** Continues from the view's checkpoint. @throws PoisonEvent when the view was made from another log. */
  async resume(): Promise<void> {
    const fault = await logFault(this.store, this.readModels, this.view);
    if (fault !== undefined) throw new PoisonEvent(fault.sentence);
    this.#position = await this.readModels.checkpoint(this.view);
  }

  /**
   * Takes in the events it has not seen yet. They start at its position or earlier and have no gap. Returns false when
   * another projector has moved the checkpoint; it then continues from there.
   * @throws PoisonEvent
   */
  async take(events: readonly RecordedEvent[]): Promise<boolean> {
    const from = this.#position;
    const fresh = (events[0]?.position ?? from) > from ? events : events.filter(({ position }) => position > from);
    const last = fresh.at(-1);
    if (last === undefined) return true;
    const rows = await this.#step(fresh).catch((error: unknown) => this.#unlessMoved(from, error));
    if (rows === undefined) return false;
    this.#wrote = rows.length > 0;
    const checkpoint = { from, to: last.position, mark: markOf(last) };
    const moved = await this.readModels.apply(this.view, { rows, checkpoint });
    this.#position = moved ? last.position : await this.readModels.checkpoint(this.view);
    if (moved) this.#events += fresh.length;
    return moved;
  }

  /**
   * A failing step does not mean poison when the earlier rows are gone: they were lost, or another projector is
   * rebuilding them.
   */
  async #unlessMoved(from: number, error: unknown): Promise<undefined> {
    const position = await this.readModels.checkpoint(this.view);
    if (position === from) throw error;
    this.#position = position;
    return undefined;
  }

  async #follow(feed: EventFeed, signal: AbortSignal, onTaken: ProjectorEvents['onTaken']): Promise<void> {
    let before = performance.eventLoopUtilization();
    for await (const { events, live } of feed.follow(this.#position, signal)) {
      if (!(await this.take(events))) return; // another projector moved the checkpoint: continue from there
      onTaken?.(events.length);
      const { active, utilization } = performance.eventLoopUtilization(before);
      const rest = live ? restMs(events.length, utilization) : Math.min(LONGEST_REST_MS, active * RESTS);
      // Views write together: a file gets all of it in one transaction, and a server checkpoints without rows as one change.
      if (live && rest > 0) await feed.beat(this.#wrote ? rest - REST_MS / 2 : rest, signal);
      else await pause(rest, signal);
      before = performance.eventLoopUtilization();
    }
  }

  async #step(events: readonly RecordedEvent[]): Promise<Row[]> {
    const mine = this.#mine(events);
    if (mine.length === 0) return [];
    await nextTurn();
    const loaded = await this.readModels.load(this.view, [...new Set(mine.map(({ id }) => id))]);
    const changed = new Map<string, Row>();
    let steps = 0;
    for (const { id, event } of mine) {
      if (++steps % STEPS === 0) await nextTurn();
      const row = changed.get(id) ?? loaded.get(id);
      if (row !== undefined && event.position <= row.position) continue;
      changed.set(id, { id, position: event.position, doc: this.#next(row, event) });
    }
    await turns; // views write together
    return [...changed.values()];
  }

  /** Those that belong to a row, with its id. @throws PoisonEvent */
  #mine(events: readonly RecordedEvent[]): { readonly id: string; readonly event: RecordedEvent }[] {
    const mine = [];
    for (const event of events) {
      const id = this.#rowId(event);
      if (id !== undefined) mine.push({ id, event });
    }
    return mine;
  }

  /** @throws PoisonEvent */
  #rowId(event: RecordedEvent): string | undefined {
    try {
      return this.projection.rowId(event);
    } catch (cause) {
      throw this.#poison(event, cause);
    }
  }

  /** @throws PoisonEvent */
  #next(row: Row | undefined, event: RecordedEvent): JsonObject {
    try {
      return this.projection.step(row?.doc, event);
    } catch (cause) {
      throw this.#poison(event, cause);
    }
  }

  #poison({ type, stream, revision }: RecordedEvent, cause: unknown): PoisonEvent {
    const what = `${this.name} stopped at ${type}, revision ${revision} of ${stream}: ${String(cause)}`;
    return new PoisonEvent(what, { cause });
  }
}

/** After a full batch there are more events to come. */
const restMs = (events: number, utilization: number): number =>
  events >= LIVE_BATCH ? 0 : REST_MS + (BUSY_REST_MS - REST_MS) * utilization;
