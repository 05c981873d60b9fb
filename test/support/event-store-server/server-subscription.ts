import { once } from 'node:events';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { EventLog, StoredEvent } from './event-log.js';
import type { Faults } from './faults.js';
import * as messages from './messages.js';

export interface SubscriptionSettings {
  readonly log: EventLog;
  readonly faults: Faults;
  /** Exclusive. */
  readonly after: number;
  readonly wanted: (event: StoredEvent) => boolean;
  readonly onSent: (event: StoredEvent) => void;
}

const PAGE = 200;
const CHECKPOINT_EVERY = 32;
/** A live subscription further behind than this is dropped, in events: MaxLiveEventBufferCount of the server's Enumerator.cs. */
const MAX_BEHIND = 32;
/** Word for word, and ABORTED: https://github.com/kurrent-io/KurrentDB/pull/3543, which brought it, and issue 4007. Seen on a 23.10. */
const TOO_SLOW = 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.';

/**
 * A subscription to all streams: first what there is, at the pace of the reader; then live, and dropped when it can't keep up. It does not
 * go back to catching up by itself, as servers do from 24.2 on (https://github.com/kurrent-io/KurrentDB/pull/4093): the client asks for
 * another from where it was.
 */
export class ServerSubscription {
  readonly #gone = new AbortController();
  readonly #queue: StoredEvent[] = [];
  #previous: StoredEvent | undefined;
  #scanned = 0;
  #live = false;
  #silent = false;
  #wake: () => void = () => undefined;

  constructor(
    private readonly call: ServerWritableStream<ReadReq, ReadResp>,
    private readonly settings: SubscriptionSettings,
  ) {
    for (const event of ['cancelled', 'close', 'error']) call.once(event, () => this.#gone.abort());
    this.#gone.signal.addEventListener('abort', () => this.#wake());
  }

  /** Resolves when the subscription has ended, whoever ended it. */
  async run(): Promise<void> {
    const { log } = this.settings;
    const onCommit = (events: readonly StoredEvent[]): void => this.#commit(events);
    log.on('commit', onCommit);
    try {
      await this.#send(messages.confirmation(crypto.randomUUID()));
      await this.#catchUp();
      while (!this.#gone.signal.aborted) {
        const event = this.#queue.shift();
        if (event === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
        else await this.#deliver(event);
      }
    } catch (error) {
      if (!this.#gone.signal.aborted) throw error;
    } finally {
      log.off('commit', onCommit);
    }
  }

  /** Ends the call with an error, as the server does when it has to. */
  drop(code: number, details: string): void {
    this.call.emit('error', { code, details });
  }

  /** Sends nothing any more, and leaves the call open. */
  silence(): void {
    this.#silent = true;
  }

  async #catchUp(): Promise<void> {
    for (let position = this.settings.after; ;) {
      const page = this.settings.log.forwards(position, PAGE).filter((event) => event.position > position);
      const last = page.at(-1);
      if (last === undefined) break;
      for (const event of page) await this.#deliver(event);
      position = last.position;
    }
    this.#live = true; // in the same turn as the read that found nothing more
    await this.#send(messages.caughtUp());
  }

  #commit(events: readonly StoredEvent[]): void {
    if (!this.#live || this.#silent) return;
    this.#queue.push(...events);
    if (this.#queue.filter(this.settings.wanted).length > MAX_BEHIND) {
      this.drop(status.ABORTED, TOO_SLOW);
    }
    this.#wake();
  }

  async #deliver(event: StoredEvent): Promise<void> {
    const { wanted, faults, onSent } = this.settings;
    if (++this.#scanned % CHECKPOINT_EVERY === 0) await this.#send(messages.toCheckpoint(event));
    if (!wanted(event)) return;
    if (faults.duplicates) {
      await this.#send(messages.toReadEvent(event));
      if (this.#previous) await this.#send(messages.toReadEvent(this.#previous));
    }
    this.#previous = event;
    onSent(event);
    await this.#send(messages.toReadEvent(event));
  }

  async #send(message: ReadResp): Promise<void> {
    this.#gone.signal.throwIfAborted();
    if (this.#silent || this.settings.faults.hung) return;
    if (!this.call.write(message)) await once(this.call, 'drain', { signal: this.#gone.signal });
  }
}
