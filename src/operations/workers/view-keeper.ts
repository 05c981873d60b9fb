import type { Logger } from 'pino';
import { type EventFeed, type KeeperNote, type Lease, type Projector, RENEW_MS } from '../../event-store/index.js';
import { type Clock, pause } from '../../kernel/index.js';
import type { Troubles } from './troubles.js';

export interface KeeperTools {
  readonly feed: EventFeed;
  readonly lease: Lease;
  readonly release: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly troubles: Troubles;
  /** Told how many events were taken in. */
  readonly onTaken: (events: number) => void;
}

/** Keeps one view up to date for as long as its lease is this gateway's, and waits for it otherwise. */
export class ViewKeeper {
  #keeps = false;

  constructor(
    private readonly projector: Projector,
    private readonly tools: KeeperTools,
  ) {}

  get name(): string {
    return this.projector.name;
  }

  /** Whether it is this gateway that keeps the view. */
  get keeps(): boolean {
    return this.#keeps;
  }

  /** Events that it has taken in. */
  get events(): number {
    return this.projector.events;
  }

  /** Runs until `signal` aborts; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    let term: { readonly end: AbortController; readonly done: Promise<void> } | undefined;
    while (!signal.aborted) {
      this.#keeps = await this.#acquire();
      if (term !== undefined && (!this.#keeps || (await this.#isSetBack()))) {
        term.end.abort();
        await term.done;
        term = undefined;
      }
      if (this.#keeps && term === undefined) {
        const end = new AbortController();
        term = { end, done: this.#project(end.signal) };
      }
      await pause(RENEW_MS, signal);
    }
    term?.end.abort();
    await term?.done;
    if (this.#keeps) await this.tools.lease.release(this.tools.clock.now()).catch(() => undefined); // else it runs out
  }

  async #acquire(): Promise<boolean> {
    const { lease, clock, release, troubles } = this.tools;
    const { failure } = this.projector;
    const note: KeeperNote = { release, ...(failure && { stopped: failure.message }) };
    try {
      const acquired = await lease.acquire(clock.now(), note);
      troubles.works(this.name, 'lease');
      return acquired;
    } catch (error) {
      troubles.fails(this.name, 'lease', error, 'the read models can’t be reached; calls go on without them');
      return false;
    }
  }

  /** Only the next event would tell the projection, and on a quiet ledger there is none: open holds would go unseen. */
  #isSetBack(): Promise<boolean> {
    return this.projector.isSetBack().catch(() => false);
  }

  /** A projection that fails stops alone, loudly: calls go on without it. */
  async #project(signal: AbortSignal): Promise<void> {
    const { feed, logger, troubles, onTaken } = this.tools;
    if (this.projector.failure !== undefined) return;
    try {
      await this.projector.run(feed, signal, {
        onTaken: (events) => {
          troubles.works(this.name, 'store');
          onTaken(events);
        },
        onTrouble: (error) => troubles.fails(this.name, 'store', error, 'projections wait for their stores'),
      });
    } catch (error) {
      logger.error({ err: error, projection: this.name, msg: 'a projection stopped; calls go on without it' });
    }
    troubles.forget(this.name, 'store');
  }
}
