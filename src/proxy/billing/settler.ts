import { setMaxListeners } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { EventStoreUnavailable, ReadModelStore } from '../../event-store/index.js';
import { accepted, Backoff, errorText, formatUsd, pause, Refused, Rejection } from '../../kernel/index.js';
import { type AccountCommand, Accounts, type ChargeRow, charges } from '../../ledger/index.js';
import { LOGGER, Metrics } from '../../platform/index.js';

/** The settling or releasing of a hold, with what an operator needs to know of the call. */
export interface Settlement {
  readonly accountId: string;
  readonly requestId: string;
  readonly model: string;
  readonly priceVersion: number;
  readonly command: Extract<AccountCommand, { type: 'SettleHold' | 'ReleaseHold' }>;
}

/**
 * How a settlement ended that had to wait. `not_held`: there was nothing to release. `refused` by the ledger, `dropped` as too many waited, and
 * `abandoned` at the end of the process: these are lost.
 */
const ENDINGS = ['charged', 'released', 'not_held', 'refused', 'dropped', 'abandoned'] as const;
type Ending = (typeof ENDINGS)[number];

/** More than an outage leaves behind. About 50 MB. */
const MAX_WAITING = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Between attempts while the process waits to end. */
const LAST_PAUSE_MS = 200;

/**
 * Settles and releases holds. A settlement waits here while the ledger can't be reached, and is tried again until the ledger has it or refuses
 * it. The command stays the same, so it is executed once. If its hold has expired by then, it is a late charge.
 */
@Injectable()
export class Settler {
  readonly #waiting = new Set<Settlement>();
  /** Aborted when the process is about to end. */
  readonly #ending = new AbortController();
  #ended = false;

  constructor(
    private readonly accounts: Accounts,
    private readonly readModels: ReadModelStore,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    setMaxListeners(0, this.#ending.signal);
    // The first one would be no increase of a series that begins with it: https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
    for (const ending of ENDINGS) metrics.unsettledEndings.inc({ ending }, 0);
    metrics.measure(
      'tokenhub_unsettled_charges',
      'Charges and releases that wait in this process for the ledger to be reachable',
      () => this.#waiting.size,
    );
  }

  /**
   * Resolves when the settlement is durable.
   * @throws EventStoreUnavailable when the ledger can't be reached; it is then settled later. After any other error it never is, and is logged.
   */
  async execute(settlement: Settlement): Promise<void> {
    try {
      accepted(await this.accounts.decide(settlement.accountId, settlement.command));
    } catch (error) {
      if (error instanceof EventStoreUnavailable) this.#later(settlement, () => Promise.resolve(true));
      else this.#lost(settlement, 'refused', error);
      throw error;
    }
  }

  /** Releases a hold that nobody waits for any more, if it is stored after all. */
  takeBack(placing: Promise<readonly unknown[] | Rejection>, release: Settlement): void {
    const mayBeStored = placing.then(
      (outcome) => !(outcome instanceof Rejection),
      (error: unknown) => error instanceof EventStoreUnavailable,
    );
    this.#later(release, async () => (await mayBeStored) && !(await this.#isOver(release)));
  }

  /** At the end of the process, when no more settlements come: waits for those that are left, then logs the rest. */
  async drain(limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    this.#ending.abort();
    while (this.#waiting.size > 0 && performance.now() < deadline) await pause(LAST_PAUSE_MS / 10);
    this.#ended = true;
    for (const settlement of this.#waiting) this.#lost(settlement, 'abandoned', 'the gateway was stopped');
  }

  #later(settlement: Settlement, isNeeded: () => Promise<boolean>): void {
    if (this.#waiting.size >= MAX_WAITING) return this.#lost(settlement, 'dropped', `${MAX_WAITING} wait already`);
    this.#waiting.add(settlement);
    const settle = async (): Promise<void> => {
      if (await isNeeded()) await this.#insist(settlement);
      this.#waiting.delete(settlement);
    };
    void settle();
  }

  async #insist(settlement: Settlement): Promise<void> {
    const msg = 'the ledger can’t be reached: a hold is settled or released later';
    this.logger.warn({ outage: 'to be settled', item: figuresOf(settlement), msg });
    const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    do {
      // oxlint-disable-next-line no-restricted-properties -- a pause, not a decision
      await this.#pause(backoff.next() * (0.5 + Math.random() / 2)); // spreads the retries of what failed together
    } while (!this.#ended && !(await this.#isOver(settlement)));
  }

  #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#ending;
    return signal.aborted ? pause(LAST_PAUSE_MS) : pause(milliseconds, signal);
  }

  /** Tries once. Returns whether the settlement is over, one way or the other. */
  async #isOver(settlement: Settlement): Promise<boolean> {
    const { accountId, command } = settlement;
    let ending: Ending = command.type === 'SettleHold' ? 'charged' : 'released';
    try {
      await this.accounts.reachable();
      const events = accepted(await this.accounts.decide(accountId, command));
      if (ending === 'released' && events.length === 0) ending = 'not_held';
    } catch (error) {
      if (error instanceof EventStoreUnavailable) return false;
      if (!(await this.#isCharged(settlement, error))) {
        this.#lost(settlement, 'refused', error);
        return true;
      }
    }
    if (ending === 'charged') this.metrics.charges.inc();
    this.metrics.unsettledEndings.inc({ ending });
    const item = { ...figuresOf(settlement), ending };
    this.logger.info({ outage: 'settled', item, msg: 'a hold was settled after the ledger had come back' });
    return true;
  }

  /**
   * Whether the ledger refuses a charge only because it was settled so long ago that the account has forgotten it: an earlier attempt was
   * stored, but its reply was lost.
   */
  async #isCharged({ command: { chargeId } }: Settlement, error: unknown): Promise<boolean> {
    if (!(error instanceof Refused) || error.rejection.code !== 'hold_not_found') return false;
    const rows = await this.readModels.load(charges.view, [chargeId]).catch(() => undefined);
    return (rows?.get(chargeId)?.doc as ChargeRow | undefined)?.status === 'charged';
  }

  #lost(settlement: Settlement, ending: Ending, error: unknown): void {
    this.metrics.unsettledEndings.inc({ ending });
    const what = settlement.command.type === 'SettleHold' ? 'a charge' : 'a release';
    const msg = `${what} is not in the ledger and is not tried again: ${errorText(error)}`;
    this.logger.error({ ...figuresOf(settlement), ending, msg });
  }
}

/** All that an operator needs to find the call, and to book it by hand. */
function figuresOf({ command, ...ids }: Settlement): object {
  const { chargeId, type } = command;
  if (type === 'ReleaseHold') return { ...ids, chargeId, command: type, reason: command.reason };
  const { cost, providerCost, usage, provider, upstreamModel } = command;
  const money = { cost: formatUsd(cost), providerCost: formatUsd(providerCost) };
  return { ...ids, chargeId, command: type, ...money, usage, provider, upstreamModel };
}
