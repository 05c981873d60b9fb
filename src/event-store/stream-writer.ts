import type { Rejection } from '../kernel/index.js';
import type { DomainEvent } from './codec.js';
import { KnownStream } from './known-stream.js';
import { StreamActor } from './stream-actor.js';
import type { WriterSettings } from './writer-settings.js';

const MAX_ACTORS = 10_000;

/** What changes after it was read, or is read only later. */
type Live =
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Iterator<unknown, unknown, never>
  | ((...parameters: never) => unknown);

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/** What a selector may return: values a caller can keep. `never` stands where it can’t. */
export type Kept<T> = T extends Primitive ? T : T extends Live ? never : { readonly [K in keyof T]: Kept<T[K]> };

/** Decides commands on streams: one actor per stream in this process; the least recently used idle ones are dropped. */
export class StreamWriter<State, Command extends { readonly commandId: string }, Event extends DomainEvent> {
  readonly #actors = new Map<string, StreamActor<State, Command, Event>>();
  /** The stream that was used last. */
  #newest: string | undefined;

  constructor(private readonly settings: WriterSettings<State, Command, Event>) {}

  /**
   * Decides a command and resolves when its events are durable, with the events (none when it was already done) or the
   * refusal. A command that still waits for its turn at `giveUpAt` (of `performance.now`) is refused as `withdrawn`:
   * nothing of it was stored, or will be.
   * @throws EventStoreUnavailable when it is unknown whether they were stored; AppendRefused when they can't be.
   */
  execute(
    stream: string,
    command: Command,
    { giveUpAt = Number.POSITIVE_INFINITY }: { readonly giveUpAt?: number } = {},
  ): Promise<readonly Event[] | Rejection> {
    return this.#actor(stream).execute(command, giveUpAt);
  }

  /**
   * What `select` picks from the state of a stream as this process knows it, which is ahead of the store while an append
   * is in flight; with `fresh`, from the stored state, including what other processes appended until now. The state goes
   * on changing: the compiler refuses a selector that returns it, or a map or set of it.
   * @throws EventStoreUnavailable; at once when the store must be read and is known to be down.
   */
  read<T>(stream: string, select: (state: State) => T & Kept<T>, { fresh = false } = {}): Promise<T> {
    return this.#read(stream, select, fresh);
  }

  /** The same at once, from the state as this process knows it; undefined when it would have to be read first. */
  known<T>(stream: string, select: (state: State) => T & Kept<T>): T | undefined {
    return this.#actors.get(stream)?.known(select);
  }

  /** A copy of the state, for the caller to keep; for the rest as `read`. */
  copy(stream: string, { fresh = false } = {}): Promise<State> {
    const { copy } = this.settings;
    if (copy === undefined) throw new Error(`the state of ${stream} can’t be copied`);
    return this.#read(stream, copy, fresh);
  }

  async #read<T>(stream: string, select: (state: State) => T, fresh: boolean): Promise<T> {
    const actor = this.#actor(stream);
    if (fresh || !actor.loaded) await this.settings.availability?.check();
    const selected = await (fresh ? actor.readNewest(select) : actor.read(select));
    if (!actor.exists && actor.idle) this.#actors.delete(stream);
    return selected;
  }

  /**
   * The stored state of a stream and its revision, for the caller to keep. `read` gives no revision, because its state
   * is ahead of the store while an append is in flight.
   * @throws EventStoreUnavailable
   */
  async stored(stream: string): Promise<{ readonly state: State; readonly revision: number }> {
    await this.settings.availability?.check();
    const known = new KnownStream(stream, this.settings);
    await known.load();
    return { state: known.state, revision: known.revision };
  }

  #actor(stream: string): StreamActor<State, Command, Event> {
    let actor = this.#actors.get(stream);
    if (actor !== undefined && stream === this.#newest) return actor;
    if (actor === undefined) {
      this.#evict();
      actor = new StreamActor(stream, this.settings);
    } else {
      this.#actors.delete(stream); // set again below: the map's order is the order of use
    }
    this.#actors.set(stream, actor);
    this.#newest = stream;
    return actor;
  }

  #evict(): void {
    if (this.#actors.size < MAX_ACTORS) return;
    for (const [stream, actor] of this.#actors) {
      if (!actor.idle) continue;
      this.#actors.delete(stream);
      return;
    }
  }
}
