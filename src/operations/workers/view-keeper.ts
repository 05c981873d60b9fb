import type { Logger } from 'pino';
import { type EventFeed, type KeeperNote, type Lease, type Projector } from '../../event-store/index.js';
import { type Clock, errorText } from '../../kernel/index.js';
import type { Outage } from '../../platform/index.js';

export interface KeeperTools {
  readonly feed: EventFeed;
  readonly lease: Lease;
  readonly release: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shared by all views of a gateway: the log reports once that a store is down, not once for each view. */
  readonly outage: Outage;
  /** Called with the number of events that were projected. */
  readonly onTaken: (events: number) => void;
}

/** Keeps one view up to date while this gateway holds its lease, and waits for the lease otherwise. */
export class ViewKeeper {
  #keeps = false;
  #leaseFault: string | undefined;
  /** The projection under way, while this gateway holds the lease. */
  #term: { readonly end: AbortController; readonly done: Promise<void> } | undefined;
  /** The renewal under way. */
  #renewing: Promise<void> | undefined;

  constructor(
    private readonly projector: Projector,
    private readonly tools: KeeperTools,
  ) {}

  get name(): string {
    return this.projector.name;
  }

  /** Whether this gateway keeps the view. */
  get keeps(): boolean {
    return this.#keeps;
  }

  /** Why the lease could not be written the last time: read models that can be read may still take no writes. */
  get leaseFault(): string | undefined {
    return this.#leaseFault;
  }

  /** How many events it has projected. */
  get events(): number {
    return this.projector.events;
  }

  /** Acquires or renews the lease, and starts or ends the projection accordingly. Due every `RENEW_MS`; never throws, and never overlaps. */
  renew(): Promise<void> {
    return (this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined)));
  }

  async #renew(): Promise<void> {
    this.#keeps = await this.#acquire();
    if (!this.#keeps || (await this.#isSetBack())) await this.#endTerm();
    if (!this.#keeps || this.#term !== undefined) return;
    const end = new AbortController();
    this.#term = { end, done: this.#project(end.signal) };
  }

  /** Ends the projection and releases the lease. Never throws. */
  async close(): Promise<void> {
    await this.#renewing;
    await this.#endTerm();
    const { lease, clock } = this.tools;
    if (this.#keeps) await lease.release(clock.now()).catch(() => undefined); // without this, it runs out
  }

  async #endTerm(): Promise<void> {
    this.#term?.end.abort();
    await this.#term?.done;
    this.#term = undefined;
  }

  async #acquire(): Promise<boolean> {
    const { lease, clock, release, outage } = this.tools;
    const { failure } = this.projector;
    const note: KeeperNote = { release, ...(failure && { stopped: failure.message }) };
    try {
      const acquired = await lease.acquire(clock.now(), note);
      outage.works(`${this.name} lease`);
      this.#leaseFault = undefined;
      return acquired;
    } catch (error) {
      this.#leaseFault = errorText(error);
      this.#failed('lease', error, 'the read models can’t be reached; calls go on without them');
      return false;
    }
  }

  #failed(part: 'lease' | 'store', error: unknown, msg: string): void {
    this.tools.outage.failed(`${this.name} ${part}`, error, { projection: this.name, msg });
  }

  /** Whether somebody has reset the view. The projection itself notices with the next event only, which may not come: open holds would go unseen. */
  #isSetBack(): Promise<boolean> {
    return this.projector.isSetBack().catch(() => false);
  }

  /** A projection that fails is logged and stops; all others, and calls, go on. */
  async #project(signal: AbortSignal): Promise<void> {
    const { feed, logger, outage, onTaken } = this.tools;
    if (this.projector.failure !== undefined) return;
    try {
      await this.projector.run(feed, signal, {
        onTaken: (events) => {
          outage.works(`${this.name} store`);
          onTaken(events);
        },
        onTrouble: (error) => this.#failed('store', error, 'projections wait for their stores'),
      });
    } catch (error) {
      logger.error({ err: error, projection: this.name, msg: 'a projection stopped; calls go on without it' });
    }
    outage.forget(`${this.name} store`);
  }
}
