import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config, isEmbedded, RELEASE } from '../../platform/config.js';
import {
  EventFeed,
  EventStore,
  FAR_BEHIND_SECONDS,
  type LogFault,
  logFault,
  Progress,
  type Projection,
  Projector,
  ReadModelStore,
  RENEW_MS,
  type ViewDefinition,
  viewLease,
  type ViewStatus,
  viewStatuses,
} from '../../event-store/index.js';
import { Clock, newId } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { LOGGER, Metrics, Outage, type PeriodicWorker, PeriodicWorkers } from '../../platform/index.js';
import { KEPT_PROJECTIONS } from '../projections.js';
import { ViewKeeper } from './view-keeper.js';

/** How often the progress of views is measured. */
const LOOK_EVERY_MS = 2_000;
/** How often a view that belongs to this ledger is checked again. */
const CHECK_LOG_EVERY_MS = 30_000;
/** How often the log reports a view that is being built. */
const REPORT_EVERY_MS = 10_000;

/** The state of a view, how fast it goes, and how long until it is built. */
export interface ProjectionStatus extends ViewStatus {
  /** Undefined when it makes no progress. */
  readonly secondsLeft: number | undefined;
  /** Of the last half minute; undefined where another gateway keeps the view. */
  readonly eventsPerSecond: number | undefined;
}

/**
 * Keeps the read models of this release up to date while the gateway runs. Of several gateways, one keeps each view, and another takes
 * over when that one is gone. A new version of a projection is built beside the old one, which gateways of the old release keep.
 */
@Injectable()
export class ProjectionRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #keepers: ReadonlyMap<string, ViewKeeper>;
  readonly #progress: ReadonlyMap<string, Progress>;
  /** When the log last reported a view that is being built, by name. */
  readonly #reported = new Map<string, number>();
  /** Until when a view is taken to belong to this ledger, by name (of `performance.now`). */
  readonly #soundUntil = new Map<string, number>();
  #workers: readonly PeriodicWorker[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly metrics: Metrics,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly periodic: PeriodicWorkers,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) config: Config,
    @Inject(KEPT_PROJECTIONS) private readonly projections: readonly Projection[],
    private readonly feed: EventFeed,
  ) {
    // An embedded ledger has one gateway: after a crash it need not wait until its own lease has run out.
    const owner = isEmbedded(config) ? 'the gateway' : newId();
    const outage = new Outage(logger, { kind: 'projections', level: 'warn', overMsg: 'all projections go on' });
    const keeper = (projection: Projection): ViewKeeper =>
      new ViewKeeper(new Projector(store, readModels, projection), {
        feed,
        outage,
        lease: viewLease(readModels, projection.view, owner),
        release: RELEASE,
        clock,
        logger,
        onTaken: (events) => metrics.projectedEvents.inc({ projection: projection.view.name }, events),
      });
    this.#keepers = new Map(projections.map((projection) => [projection.view.name, keeper(projection)]));
    this.#progress = new Map(projections.map(({ view }) => [view.name, new Progress()]));
  }

  onApplicationBootstrap(): void {
    // All in the same turn of the event loop, so that a server gets them as one. None waits for another that takes long.
    const renew = async (): Promise<void> => {
      for (const keeper of this.#keepers.values()) void keeper.renew();
    };
    const renewals = this.periodic.start({ name: 'keeping the read models', everyMs: RENEW_MS, turn: renew });
    const look = async (): Promise<void> => {
      const statuses = await this.statuses().catch(() => []); // the keepers report stores that can't be reached
      for (const status of statuses) this.#look(status);
    };
    const looks = this.periodic.start({ name: 'looking at the read models', everyMs: LOOK_EVERY_MS, turn: look });
    this.#workers = [renewals, looks];
    this.accounts.observe({
      appended: (events, milliseconds) => {
        this.metrics.appendEvents.observe(events);
        this.metrics.appendSeconds.observe(milliseconds / 1_000);
      },
      snapshotFailed: (error) =>
        this.logger.warn({
          outage: 'snapshots',
          msg: `a snapshot of an account can’t be stored or read, so the account is made from its events: ${String(error)}`,
        }),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.close()));
  }

  /** Why read models take no writes, as of the last renewal of leases; undefined when they do. */
  get writeFault(): string | undefined {
    for (const { leaseFault } of this.#keepers.values()) if (leaseFault !== undefined) return leaseFault;
    return undefined;
  }

  /** The state of all views now, whichever gateway keeps them. @throws when a store can't be read */
  async statuses(): Promise<ProjectionStatus[]> {
    const views = this.projections.map(({ view }) => view);
    const faultOf = (view: ViewDefinition) => this.#faultOf(view);
    const nextAfter = (position: number) => this.feed.next(position);
    const found = await viewStatuses(this.store, this.readModels, { views, now: this.clock.now(), faultOf, nextAfter });
    return found.map((status) => {
      const figures = this.#progress.get(status.name)?.figures(status.head);
      const keeps = this.#keepers.get(status.name)?.keeps === true;
      const eventsPerSecond = keeps ? figures?.eventsPerSecond : undefined;
      return { ...status, secondsLeft: figures?.secondsLeft, eventsPerSecond };
    });
  }

  /** A sound view is checked every half minute only, as nobody exchanges a ledger under running gateways often. A faulty one is checked each time. */
  async #faultOf(view: ViewDefinition): Promise<LogFault | undefined> {
    if (performance.now() < (this.#soundUntil.get(view.name) ?? 0)) return undefined;
    const fault = await logFault(this.store, this.readModels, view);
    if (fault === undefined) this.#soundUntil.set(view.name, performance.now() + CHECK_LOG_EVERY_MS);
    return fault;
  }

  #look({ name, position, head, state, lagSeconds }: ViewStatus): void {
    const [keeper, progress] = [this.#keepers.get(name), this.#progress.get(name)];
    if (keeper === undefined || progress === undefined) return;
    const now = performance.now();
    progress.add({ at: now, position, events: keeper.events });
    const reported = this.#reported.get(name);
    if (
      state === 'building' &&
      lagSeconds > FAR_BEHIND_SECONDS &&
      keeper.keeps &&
      (reported ?? -Infinity) <= now - REPORT_EVERY_MS
    ) {
      this.#reported.set(name, now);
      const { done, eventsPerSecond, secondsLeft } = progress.figures(head);
      const figures = {
        lagSeconds: Math.round(lagSeconds),
        percent: Math.floor(done * 100),
        eventsPerSecond: Math.round(eventsPerSecond),
        ...(secondsLeft !== undefined && { secondsLeft: Math.ceil(secondsLeft) }),
      };
      const msg = 'a read model is far behind and catches up; until then, reads that need it are answered with 503';
      this.logger.info({ projection: name, ...figures, msg });
    } else if (state === 'live' && reported !== undefined) {
      this.#reported.delete(name);
      this.logger.info({ projection: name, msg: 'a read model has caught up' });
    }
  }
}
