import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config, isEmbedded } from '../../platform/config.js';
import {
  EventStore,
  Projector,
  ReadModelStore,
  ReadModelsUnavailable,
  rowsOf,
  ViewBehind,
  WaitFor,
  walk,
} from '../../event-store/index.js';
import { Clock, fromInstant, toInstant } from '../../kernel/index.js';
import { Accounts, type ChargeRow, charges } from '../../ledger/index.js';
import { LOGGER, Metrics, PeriodicWorkers } from '../../platform/index.js';

const SWEEP_EVERY_MS = 5_000;
const CLOCKS_DIFFER_MS = 5 * 60_000;

type SweepReason = 'gateway_restarted' | 'expired';

/** How long a start waits for the read model that finds the holds of an earlier run. */
const START_MS = 10_000;

/**
 * Releases holds that nothing settled: those past their expiry and, when a gateway starts that owns its ledger's file, those of an earlier
 * run, as nobody else can be working on them. Every gateway may run it. The read model only finds holds, and the account decides, so a
 * read model that is behind makes releases late, never wrong.
 */
@Injectable()
export class HoldSweeper implements OnApplicationBootstrap {
  /** When this run began; undefined once the holds of earlier runs have been released. */
  #earlier: string | undefined;
  /** Open holds of a clock that was ahead, with the time at which they were first seen (of `performance.now`). */
  #ahead: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly workers: PeriodicWorkers,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (isEmbedded(this.config)) await this.#releaseAtStart();
    const turn = (signal: AbortSignal): Promise<void> => this.sweep(signal);
    this.workers.start({ name: 'the hold sweep', everyMs: SWEEP_EVERY_MS, firstAfterMs: SWEEP_EVERY_MS, turn });
  }

  /** One round. After an abort, the next round or another gateway releases the rest. */
  async sweep(signal?: AbortSignal): Promise<void> {
    await this.#releaseEarlier(signal);
    await this.#release('expired', { expiresAt: toInstant(this.clock.now()) }, signal);
    await this.#releaseAhead(signal);
  }

  /** Runs before the first call, but does not wait for a read model that is being rebuilt. */
  async #releaseAtStart(): Promise<void> {
    const startedAt = toInstant(this.clock.now());
    if (await this.#catchUp()) await this.#release('gateway_restarted', {});
    else this.#earlier = startedAt;
  }

  /** False when the read model is too far behind, has stopped or is down; its keeper reports that. */
  async #catchUp(): Promise<boolean> {
    const patience = AbortSignal.timeout(START_MS);
    const projector = new Projector(this.store, this.readModels, charges);
    try {
      const failures = await walk(this.store, [projector], { signal: patience });
      return failures.size === 0 && !patience.aborted;
    } catch (error) {
      if (error instanceof ReadModelsUnavailable) return false;
      throw error;
    }
  }

  async #releaseEarlier(signal?: AbortSignal): Promise<void> {
    if (this.#earlier === undefined) return;
    try {
      await this.waitFor.head(charges.view);
    } catch (error) {
      if (error instanceof ViewBehind) return;
      throw error;
    }
    await this.#release('gateway_restarted', { openedAt: this.#earlier }, signal);
    if (signal?.aborted !== true) this.#earlier = undefined;
  }

  /** A hold of a clock that was ahead may expire in days. It is released once this process has seen it for as long as a hold lives. */
  async #releaseAhead(signal?: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const query = { where: { status: 'open' }, orderBy: 'expiresAt', descending: true };
    const seen = new Map<string, number>();
    for await (const { doc } of rowsOf<ChargeRow>(this.readModels, charges.view, query)) {
      if (signal?.aborted === true) return;
      const [openedAt, expiresAt] = [fromInstant(doc.openedAt), fromInstant(doc.expiresAt)];
      if (openedAt <= now + CLOCKS_DIFFER_MS) break;
      const since = this.#ahead.get(doc.chargeId) ?? performance.now();
      if (performance.now() - since >= expiresAt - openedAt) await this.#releaseOne(doc, 'expired');
      else seen.set(doc.chargeId, since);
    }
    this.#ahead = seen;
  }

  async #release(reason: SweepReason, below: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
    const query = { where: { status: 'open' }, below, orderBy: 'expiresAt' };
    for await (const { doc } of rowsOf<ChargeRow>(this.readModels, charges.view, query)) {
      if (signal?.aborted === true) return;
      await this.#releaseOne(doc, reason);
    }
  }

  async #releaseOne({ accountId, chargeId, requestId, hold }: ChargeRow, reason: SweepReason): Promise<void> {
    const commandId = `${chargeId}/sweep`;
    const released = await this.accounts.execute(accountId, {
      type: 'ReleaseHold',
      commandId,
      at: this.clock.now(),
      chargeId,
      reason,
    });
    if (released.length === 0) return; // it was settled, and the read model had not seen that yet
    this.metrics.sweptHolds.inc({ reason });
    this.logger.warn({ accountId, chargeId, requestId, hold, reason, msg: 'a hold was released without a charge' });
  }
}
