import { Injectable } from '@nestjs/common';
import { EventStore, Lease, ReadModelStore, StreamWriter, WaitFor } from '../event-store/index.js';
import {
  accepted,
  Clock,
  dayOf,
  fromInstant,
  newId,
  Refused,
  refuse,
  type Rejection,
  toInstant,
  type Unissued,
} from '../kernel/index.js';
import { Accounts, available, posted } from '../ledger/index.js';
import { inForceBetween, PriceBook, type PriceListWithdrawn, PriceLists, type PriceVersion } from '../pricing/index.js';
import type { ReratingScope } from './account-plan.js';
import { accountsToDo, type OnProgress } from './accounts-to-do.js';
import { applyToAccount } from './apply.js';
import { type AccountReport, accountReport, formatTotals, noTotals, plusReport } from './dry-run.js';
import {
  faultInPeriod,
  isApproved,
  isOver,
  notApproved,
  notOver,
  type Proposal,
  rerating,
  type ReratingCommand,
  type ReratingState,
  reversalOpen,
  type RunStatus,
} from './rerating.js';
import { type ReratingEvent, reratingStream, reratingUpcasters } from './rerating.events.js';

/** What is asked for. Instants are ISO 8601. */
export type ReratingRequest = Omit<Proposal, 'asOf' | 'totals' | 'by' | 'reason'>;

export interface Watched {
  readonly progress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Proposing = Watched & {
  /** The id that the run gets. A run that has it already stays as it is. */
  readonly runId?: string;
};

/**
 * A process that applies a run renews its lease with each account; without that, another may go on after so long. Sooner than a job goes to
 * another gateway, which must not find the lease of the dead one.
 */
const LEASE_MS = 20_000;

/**
 * Re-rating runs: what one would change, the decisions on it, its application. One instance per process. It takes the accounts from the view of
 * balances, and waits until that has seen the whole log, so that no account is left out. @throws ViewBehind when that takes too long
 */
@Injectable()
export class Reratings {
  readonly #writer: StreamWriter<ReratingState, ReratingCommand, ReratingEvent>;
  readonly #owner = newId();
  readonly #views: { readonly readModels: ReadModelStore; readonly waitFor: WaitFor };

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly priceLists: PriceLists,
    private readonly priceBook: PriceBook,
    private readonly clock: Clock,
  ) {
    this.#views = { readModels, waitFor };
    this.#writer = new StreamWriter({ store, decider: rerating, upcasters: reratingUpcasters });
  }

  /** Refused: `invalid_period`, `model_not_found`, `price_list_not_found`, `price_list_withdrawn`. */
  async requireProposable(request: ReratingRequest): Promise<void> {
    await this.#refuseWithdrawn(request);
    await this.#scope({ ...request, asOf: request.to });
    await this.#refuseUnknownModel(request);
    const fault = faultInPeriod(request, toInstant(this.clock.now()));
    if (fault !== undefined) throw new Refused(fault);
  }

  /** What a run would change of the charges booked until `asOf` or now, by account that has such. Refused: `price_list_not_found`, `price_list_withdrawn`. */
  async *dryRun(
    request: ReratingRequest,
    { asOf = toInstant(this.clock.now()), ...watched }: Watched & { readonly asOf?: string } = {},
  ): AsyncGenerator<AccountReport> {
    await this.#refuseWithdrawn(request);
    yield* this.#reports(await this.#scope({ ...request, asOf }), watched);
  }

  /** What a run changes: of one that is not applied, what it would change now; of one that is over, what it has changed. @throws Refused `rerating_not_found` */
  async *report(runId: string, watched: Watched = {}): AsyncGenerator<AccountReport> {
    const { proposal, status } = await this.#run(runId);
    yield* this.#reports({ ...(await this.#scope(proposal)), runId, isOver: isOver(status) }, watched);
  }

  /**
   * Makes the dry run and records it as a proposal, and returns the run’s id; undefined when a signal ended it early. Refused: `invalid_period`,
   * `nothing_to_rerate`, `price_list_not_found`, `price_list_withdrawn`.
   */
  async propose(
    request: ReratingRequest,
    { by, reason }: Pick<Proposal, 'by' | 'reason'>,
    { runId = newId(), ...watched }: Proposing = {},
  ): Promise<string | undefined> {
    await this.requireProposable(request);
    const asOf = toInstant(this.clock.now());
    let totals = noTotals;
    for await (const report of this.#reports(await this.#scope({ ...request, asOf }), watched))
      totals = plusReport(totals, report);
    if (watched.signal?.aborted) return undefined;
    const proposal = { ...request, asOf, by, reason, totals: formatTotals(totals) };
    if (request.reverses !== undefined) await this.#announce(runId, proposal, request.reverses);
    await this.#tell(runId, { type: 'Propose', proposal });
    return runId;
  }

  /** Proposes a run that undoes another one. Refused: `rerating_not_found`, `rerating_not_over`, `reversal_open`, `nothing_to_rerate`. */
  async reverse(
    runId: string,
    act: Pick<Proposal, 'by' | 'reason'>,
    { runId: reversal = newId(), ...watched }: Proposing = {},
  ): Promise<string | undefined> {
    const { proposal, status, lastReversal } = await this.#run(runId);
    if (!isOver(status)) throw new Refused(notOver);
    const { from, to, accountId, model, keyId } = proposal;
    const about = { ...(accountId && { accountId }), ...(model && { model }), ...(keyId && { keyId }) };
    const request = { from, to, ...about, policy: 'bill', reverses: runId } as const;
    // A process died between the two events of a reversal: it is proposed now, as it was announced.
    if (lastReversal && lastReversal.reversal !== reversal && !(await this.#statusOf(lastReversal.reversal)))
      await this.propose(request, lastReversal, { ...watched, runId: lastReversal.reversal });
    return this.propose(request, act, { ...watched, runId: reversal });
  }

  /** Says in a run that another one is to undo it, so that no third one does. What its proposal would be refused for is refused before. */
  async #announce(reversal: string, proposal: Proposal, runId: string): Promise<void> {
    const at = this.clock.now();
    accepted(rerating.decide({ type: 'Propose', proposal, commandId: reversal, at }, rerating.initial()));
    const { lastReversal } = await this.#run(runId);
    const last = lastReversal?.reversal;
    const over = last !== undefined && isOver(await this.#statusOf(last)) ? last : undefined;
    const { by, reason } = proposal;
    await this.#tell(runId, { type: 'ProposeReversal', reversal, by, reason, over });
  }

  /** Refused: `rerating_not_found`, `second_person_needed`, `rerating_cancelled`, `price_list_withdrawn`. */
  async approve(
    runId: string,
    approvedBy: string,
    { reason, alone = false }: { readonly reason?: string | undefined; readonly alone?: boolean } = {},
  ): Promise<void> {
    await this.#refuseWithdrawn((await this.#run(runId)).proposal);
    await this.#tell(runId, { type: 'Approve', approvedBy, reason, alone });
  }

  /** Refused: `rerating_not_found`, `rerating_completed`. */
  async cancel(runId: string, act: { readonly by: string; readonly reason: string }): Promise<void> {
    await this.#tell(runId, { type: 'Cancel', ...act });
    await this.#recordInterrupted(runId);
  }

  /**
   * Books an approved run; false when a signal ended it early. It goes on where an earlier application ended. Refused: `rerating_not_found`,
   * `rerating_not_approved`, `rerating_cancelled`, `price_list_withdrawn`, `rerating_running` while another process does it.
   */
  async apply(runId: string, watched: Watched = {}): Promise<boolean> {
    const { proposal, status } = await this.#run(runId);
    if (status === 'cancelled') await this.#recordInterrupted(runId);
    if (!isApproved(status)) throw new Refused(notApproved(status));
    if (status === 'approved') {
      await this.#refuseWithdrawn(proposal);
      const scope = { ...(await this.#scope(proposal)), runId };
      const lease = this.#lease(runId);
      try {
        if (!(await this.#applyToAll(scope, lease, watched))) return false;
      } finally {
        await lease.release(this.clock.now());
      }
    }
    await this.#tell(runId, { type: 'Complete' });
    return true;
  }

  /** A run that is over, and that no other one is to undo already. Refused: `rerating_not_found`, `rerating_not_over`, `reversal_open`. */
  async requireReversible(runId: string): Promise<void> {
    const { status, lastReversal } = await this.#run(runId);
    if (!isOver(status)) throw new Refused(notOver);
    const last = lastReversal && (await this.#statusOf(lastReversal.reversal));
    if (last !== undefined && !isOver(last)) throw new Refused(reversalOpen(lastReversal?.reversal));
  }

  /** A run that may be applied, or is done. Refused: `rerating_not_found`, `rerating_not_approved`, `rerating_cancelled`. */
  async requireApproved(runId: string): Promise<void> {
    const { status } = await this.#run(runId);
    if (!isApproved(status)) throw new Refused(notApproved(status));
  }

  #lease(runId: string): Lease {
    return new Lease(this.readModels, reratingStream(runId), this.#owner, LEASE_MS);
  }

  /**
   * Records what was booked of the account at which an application of a cancelled run was interrupted, so that its customer is told. An application
   * that is under way does so itself: it ends with the account that it is at.
   */
  async #recordInterrupted(runId: string): Promise<void> {
    const now = this.clock.now();
    const { until, note } = await this.#lease(runId).read();
    const { accountId } = note;
    if (typeof accountId !== 'string' || until > now) return;
    const scope = { ...(await this.#scope((await this.#run(runId)).proposal)), runId, isOver: true };
    const desk = { store: this.store, accounts: this.accounts, now: () => now };
    const changed = await applyToAccount(desk, accountId, scope);
    if (changed === undefined || changed.charges === 0) return;
    await this.#tell(runId, { type: 'RecordAccount', accountId, ...changed });
  }

  async #applyToAll(
    scope: ReratingScope & { runId: string },
    lease: Lease,
    { progress, signal }: Watched,
  ): Promise<boolean> {
    const { runId } = scope;
    const desk = { store: this.store, accounts: this.accounts, now: () => this.clock.now(), signal };
    for await (const { accountId, onRead, onDone } of accountsToDo(this.#views, scope, progress)) {
      if (!(await lease.acquire(this.clock.now(), { accountId }))) {
        throw new Refused(refuse('conflict', 'rerating_running', 'Another process applies this run at this moment.'));
      }
      const isDone = ({ accounts }: ReratingState): boolean => accounts.has(accountId);
      if (!(await this.#writer.read(reratingStream(runId), isDone, { fresh: true }))) {
        await this.requireApproved(runId);
        const changed = await applyToAccount({ ...desk, onRead }, accountId, scope);
        if (changed === undefined) return false;
        if (changed.charges > 0) await this.#tell(runId, { type: 'RecordAccount', accountId, ...changed });
      }
      onDone();
    }
    return !signal?.aborted;
  }

  async *#reports(scope: ReratingScope, { progress, signal }: Watched): AsyncGenerator<AccountReport> {
    for await (const { accountId, onRead, onDone } of accountsToDo(this.#views, scope, progress)) {
      if (signal?.aborted) return;
      const { state, revision } = await this.accounts.stored(accountId);
      const now = { balance: posted(state), available: available(state, this.clock.now()) };
      const report = await accountReport(this.store, { accountId, revision, ...now }, scope, onRead);
      if (report.rows.length > 0) yield report;
      onDone();
    }
  }

  /** What a run has booked by a version before that was withdrawn stays, can be shown, and can be reversed. */
  async #refuseWithdrawn({ priceVersion, from, to }: ReratingRequest): Promise<void> {
    const versions = await this.priceLists.all();
    const withdrawn = versions[(priceVersion ?? 0) - 1]?.withdrawn;
    if (withdrawn !== undefined)
      throw new Refused(neverInForce(withdrawn, inForceBetween(versions, fromInstant(from), fromInstant(to))));
  }

  /** One that a version lacks is reported call by call; of one that none ever had, there is no call. */
  async #refuseUnknownModel({ model }: ReratingRequest): Promise<void> {
    if (model === undefined) return;
    const versions = await this.priceLists.all();
    if (versions.some(({ models }) => models.some((priced) => priced.model === model))) return;
    throw new Refused(refuse('not_found', 'model_not_found', `No price list has a model "${model}".`));
  }

  async #scope({
    priceVersion,
    reverses,
    ...scope
  }: Omit<Proposal, 'totals' | 'by' | 'reason'>): Promise<ReratingScope> {
    await this.priceLists.refresh();
    const listOf = (version: number) => this.priceBook.version(version);
    if (reverses !== undefined) return { ...scope, by: { reverses, listOf } };
    const list = listOf(priceVersion ?? 0);
    if (list !== undefined) return { ...scope, by: list };
    throw new Refused(refuse('not_found', 'price_list_not_found', `There is no price list ${priceVersion}.`));
  }

  /** @throws Refused `rerating_not_found` */
  async #run(runId: string) {
    const about = ({ proposal, status, reversals }: ReratingState) => ({ proposal, status, last: reversals.at(-1) });
    const { proposal, status, last } = await this.#writer.read(reratingStream(runId), about, { fresh: true });
    if (proposal === undefined)
      throw new Refused(refuse('not_found', 'rerating_not_found', `There is no run ${runId}.`));
    return { proposal, status, lastReversal: last };
  }

  #statusOf(runId: string): Promise<RunStatus | undefined> {
    return this.#writer.read(reratingStream(runId), ({ status }) => status, { fresh: true });
  }

  async #tell(runId: string, command: Unissued<ReratingCommand>): Promise<void> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() } as ReratingCommand;
    accepted(await this.#writer.execute(reratingStream(runId), whole));
  }
}

function neverInForce({ version, at }: PriceListWithdrawn, instead: readonly PriceVersion[]): Rejection {
  const others = instead.map((each) => each.version).join(', then ');
  const message = `Price list ${version} was withdrawn on ${dayOf(at)} and never was in force. In force in that period: ${others || 'none'}.`;
  return refuse('conflict', 'price_list_withdrawn', message);
}
