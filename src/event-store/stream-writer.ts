import type { Rejection } from '../kernel/index.js';
import type { DomainEvent } from './codec.js';
import { StreamActor } from './stream-actor.js';
import type { WriterSettings } from './writer-settings.js';

const MAX_ACTORS = 10_000;

/** Decides commands over streams: one actor per stream in this process, the least recently used idle ones forgotten. */
export class StreamWriter<State, Command extends { readonly commandId: string }, Event extends DomainEvent> {
  readonly #actors = new Map<string, StreamActor<State, Command, Event>>();

  constructor(private readonly settings: WriterSettings<State, Command, Event>) {}

  /**
   * Decides a command and resolves when its events are durable, with the events (none when it was already done) or the refusal.
   * @throws EventStoreUnavailable when it is unknown whether they were stored.
   */
  execute(stream: string, command: Command): Promise<readonly Event[] | Rejection> {
    return this.#actor(stream).execute(command);
  }

  /** The state of a stream as this process knows it; with `fresh`, including what other processes appended until now. Live: keep nothing of it. */
  async read(stream: string, { fresh = false } = {}): Promise<State> {
    const actor = this.#actor(stream);
    if (fresh) await actor.refresh();
    const state = await actor.read();
    if (!actor.exists && actor.idle) this.#actors.delete(stream);
    return state;
  }

  #actor(stream: string): StreamActor<State, Command, Event> {
    let actor = this.#actors.get(stream);
    if (actor === undefined) {
      this.#evict();
      actor = new StreamActor(stream, this.settings);
    } else {
      this.#actors.delete(stream); // set again below: the map's order is the order of use
    }
    this.#actors.set(stream, actor);
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
