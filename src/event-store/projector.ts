import { setImmediate as nextTurn } from 'node:timers/promises';
import { type JsonObject, pause } from '../kernel/index.js';
import { type EventFeed, LIVE_BATCH } from './event-feed.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { logFault, markLog } from './log-mark.js';
import type { Projection } from './projection.js';
import type { ReadModelStore, Row, ViewDefinition } from './read-model-store.js';

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

/** Events whose steps are made in one go: calls on the same thread wait for those. */
const STEPS = 250;
/** After a store failed, it is tried again at this interval. */
const RETRY_MS = 1_000;
/**
 * A view that is behind rests after a page for this many times as long as the thread was busy, as calls go first; but no longer than this,
 * or it would never get there beside as many calls as the thread can take.
 */
const RESTS = 2;
const LONGEST_REST_MS = 50;
/**
 * A live one rests this long between batches, so that the events of a call fall into one write; and up to this long on a busy thread, so
 * that under load batches grow, not their number.
 */
const REST_MS = 100;
const BUSY_REST_MS = 500;

/**
 * Keeps one projection up to date. Rows are absolute and guarded by position, and the checkpoint moves with them, so redelivery,
 * rebuild and a second projector on the same view are all the same code.
 */
export class Projector {
  #position = -1;
  #events = 0;
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

  /** Events that this has taken in. */
  get events(): number {
    return this.#events;
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

  /**
   * Follows the log until `signal` aborts. A store that fails is tried again, and `onTrouble` told.
   * @throws PoisonEvent, which stops this projection and nothing else.
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

  /** Goes to where its view is. @throws PoisonEvent when the view was made from another log than this one. */
  async resume(): Promise<void> {
    const fault = await logFault(this.store, this.readModels, this.view);
    if (fault !== undefined) throw new PoisonEvent(fault.sentence);
    this.#position = await this.readModels.checkpoint(this.view);
  }

  /**
   * Takes in what it has not seen of these events, which begin at its position or before and have no gap. False when another projector
   * has moved its checkpoint: it is there now.
   * @throws PoisonEvent
   */
  async take(events: readonly RecordedEvent[]): Promise<boolean> {
    const from = this.#position;
    const fresh = (events[0]?.position ?? from) > from ? events : events.filter(({ position }) => position > from);
    const last = fresh.at(-1);
    if (last === undefined) return true;
    const rows = await this.#step(fresh).catch((error: unknown) => this.#unlessMoved(from, error));
    if (rows === undefined) return false;
    await markLog(this.readModels, this.view, last);
    const moved = await this.readModels.apply(this.view, { rows, checkpoint: { from, to: last.position } });
    this.#position = moved ? last.position : await this.readModels.checkpoint(this.view);
    if (moved) this.#events += fresh.length;
    return moved;
  }

  /** An event is no poison where the rows before it are gone: they were lost, or another projector is rebuilding them. */
  async #unlessMoved(from: number, error: unknown): Promise<undefined> {
    const position = await this.readModels.checkpoint(this.view);
    if (position === from) throw error;
    this.#position = position;
    return undefined;
  }

  async #follow(feed: EventFeed, signal: AbortSignal, onTaken: ProjectorEvents['onTaken']): Promise<void> {
    let before = performance.eventLoopUtilization();
    for await (const { events, live } of feed.follow(this.#position, signal)) {
      if (!(await this.take(events))) return; // another projector moved the checkpoint: start again from there
      onTaken?.(events.length);
      const { active, utilization } = performance.eventLoopUtilization(before);
      await pause(live ? restMs(events.length, utilization) : Math.min(LONGEST_REST_MS, active * RESTS), signal);
      before = performance.eventLoopUtilization();
    }
  }

  async #step(events: readonly RecordedEvent[]): Promise<Row[]> {
    const mine = events.flatMap((event) => {
      const id = this.projection.rowId(event);
      return id === undefined ? [] : [{ id, event }];
    });
    if (mine.length === 0) return [];
    const rows = new Map<string, Row>(await this.readModels.load(this.view, [...new Set(mine.map(({ id }) => id))]));
    const changed = new Map<string, Row>();
    for (const [index, { id, event }] of mine.entries()) {
      if (index > 0 && index % STEPS === 0) await nextTurn();
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

/** Behind a full batch there are more events. */
const restMs = (events: number, utilization: number): number =>
  events >= LIVE_BATCH ? 0 : REST_MS + (BUSY_REST_MS - REST_MS) * utilization;
