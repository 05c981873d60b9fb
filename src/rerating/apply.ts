// Books what a run changes of an account. It can end and begin again at any place: what the run has done is known by its events.
import type { EventStore } from '../event-store/index.js';
import { add, type Amount, fromInstant, Refused, Rejection, subtract, usd, ZERO } from '../kernel/index.js';
import type { AccountCommand, AccountEvent, Accounts } from '../ledger/index.js';
import { accountPlan, type NewPrice, type OnRead, type PlannedCharge, type ReratingScope } from './account-plan.js';

/** So many commands are under way at once: they share an append. */
const GROUP = 100;

export type RunScope = ReratingScope & { readonly runId: string };

/** What a run has done to an account. */
export interface AccountDone {
  readonly charges: number;
  readonly difference: Amount;
}

interface Desk {
  readonly store: EventStore;
  readonly accounts: Accounts;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onRead?: OnRead | undefined;
}

/**
 * Books the run on an account; undefined when a signal ended it early. When another run re-rates the account meanwhile, the ledger refuses the
 * commands that did not know of it, and this reads the account again. @throws Refused, EventStoreUnavailable
 */
export async function applyToAccount(desk: Desk, accountId: string, scope: RunScope): Promise<AccountDone | undefined> {
  for (;;) {
    const outcome = await attempt(desk, accountId, scope);
    if (outcome !== 'again') return outcome;
  }
}

async function attempt(desk: Desk, accountId: string, scope: RunScope): Promise<AccountDone | undefined | 'again'> {
  const { state, revision } = await desk.accounts.stored(accountId);
  let done: AccountDone = { charges: 0, difference: ZERO };
  let seen = state.reratings;
  let group: AccountCommand[] = [];
  const send = async (): Promise<boolean> => {
    const outcomes = await Promise.all(group.map((command) => desk.accounts.decide(accountId, command)));
    group = [];
    for (const outcome of outcomes) {
      if (!(outcome instanceof Rejection)) done = outcome.reduce(plus, done);
      else if (outcome.code !== 'rerating_conflict') throw new Refused(outcome);
    }
    return !outcomes.some((outcome) => outcome instanceof Rejection);
  };
  for await (const planned of accountPlan(desk.store, { accountId, revision, onRead: desk.onRead }, scope)) {
    if ('done' in planned) done = plus(done, { type: 'ChargeRerated', data: planned.done });
    else if (planned.next !== undefined && changes(planned, planned.next)) {
      group.push(commandOf(planned, planned.next, { scope, seen: seen++, at: desk.now() }));
    }
    if (group.length < GROUP) continue;
    if (desk.signal?.aborted) return undefined;
    if (!(await send())) return 'again';
  }
  if (desk.signal?.aborted) return undefined;
  return (await send()) ? done : 'again';
}

type Open = Exclude<PlannedCharge, { done: unknown }>;

/** Whether the ledger will book anything: a command that changes nothing has no event. */
const changes = ({ present }: Open, { rated, due, providerCost }: NewPrice): boolean =>
  due !== present.cost || rated !== present.cost || providerCost !== present.providerCost;

interface Sending {
  readonly scope: RunScope;
  readonly seen: number;
  readonly at: number;
}

function commandOf({ data, present }: Open, next: NewPrice, { scope, seen, at }: Sending): AccountCommand {
  const { chargeId, requestId, keyId, model, usage, provider, upstreamModel, pricedAt } = data;
  const { runId, policy } = scope;
  return {
    type: 'RerateCharge',
    commandId: `${runId}/${chargeId}`,
    at,
    runId,
    chargeId,
    requestId,
    keyId,
    model,
    usage,
    provider,
    upstreamModel,
    seen,
    ...next,
    previousPriceVersion: present.priceVersion,
    cost: present.cost,
    slices: present.slices,
    uncovered: present.uncovered,
    policy,
    previousProviderCost: present.providerCost,
    pricedAt: fromInstant(pricedAt),
  };
}

function plus({ charges, difference }: AccountDone, { type, data }: AccountEvent): AccountDone {
  if (type !== 'ChargeRerated') return { charges, difference };
  return { charges: charges + 1, difference: add(difference, subtract(usd(data.cost), usd(data.previousCost))) };
}
