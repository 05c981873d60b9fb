// Follows the ledger for all pages that look at accounts: one follower of the gateway’s subscription, however many pages there are.
import { Injectable } from '@nestjs/common';
import { EventFeed, EventStore, type RecordedEvent } from '../../event-store/index.js';
import { pause } from '../../kernel/index.js';
import { accountStream } from '../../ledger/index.js';
import { MOST_TOLD } from './live-events.js';

/** How long news of an account are collected, so that a busy one is told of together. */
const COLLECT_MS = 300;

export interface Listener {
  /** The next events of the account, some left out where there are too many to be told. */
  readonly tell: (events: readonly RecordedEvent[]) => void;
  /** The ledger can’t be followed any more: the page is to ask again. */
  readonly end: () => void;
}

@Injectable()
export class AccountNews {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #collected = new Map<string, RecordedEvent[]>();
  #following: { readonly stop: AbortController; readonly started: Promise<unknown> } | undefined;

  constructor(
    private readonly feed: EventFeed,
    private readonly store: EventStore,
  ) {}

  /**
   * From when this resolves, the listener is told of every event of the account; until `stop` is called.
   * @throws EventStoreUnavailable
   */
  async listen(accountId: string, listener: Listener): Promise<() => void> {
    const stream = accountStream(accountId);
    const listeners = this.#listeners.get(stream) ?? new Set();
    this.#listeners.set(stream, listeners.add(listener));
    const stop = () => this.#leave(stream, listener);
    try {
      await (this.#following ??= this.#follow()).started;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  #leave(stream: string, listener: Listener): void {
    const listeners = this.#listeners.get(stream);
    listeners?.delete(listener);
    if (listeners?.size === 0) {
      this.#listeners.delete(stream);
      this.#collected.delete(stream);
    }
    if (this.#listeners.size > 0) return;
    this.#following?.stop.abort();
    this.#following = undefined;
  }

  #follow() {
    const stop = new AbortController();
    const started = this.store.head();
    const fail = () => this.#failed(stop);
    started.then((head) => Promise.all([this.#take(head, stop.signal), this.#hand(stop.signal)])).catch(fail);
    return { stop, started };
  }

  async #take(after: number, signal: AbortSignal): Promise<void> {
    for await (const { events } of this.feed.follow(after, signal)) {
      for (const event of events) if (this.#listeners.has(event.stream)) this.#collect(event);
    }
  }

  #collect(event: RecordedEvent): void {
    const collected = this.#collected.get(event.stream);
    if (collected === undefined) this.#collected.set(event.stream, [event]);
    // Of what is too much to be told, only the end is needed.
    else if (collected.length <= MOST_TOLD) collected.push(event);
    else collected[MOST_TOLD] = event;
  }

  async #hand(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(COLLECT_MS, signal, { ref: false });
      const collected = [...this.#collected];
      this.#collected.clear();
      for (const [stream, events] of collected) {
        for (const listener of this.#listeners.get(stream) ?? []) listener.tell(events);
      }
    }
  }

  /** Pages ask again, after a while. */
  #failed({ signal }: AbortController): void {
    if (signal.aborted) return;
    const all = [...this.#listeners.values()].flatMap((each) => [...each]);
    this.#following?.stop.abort();
    this.#following = undefined;
    for (const listener of all) listener.end();
  }
}
