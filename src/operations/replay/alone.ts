// Two replays of one view must not mix their rows.
import {
  emptyView,
  type Lease,
  type Projection,
  type ReadModelStore,
  RENEW_MS,
  START,
  type ViewDefinition,
  viewLease,
} from '../../event-store/index.js';
import { newId, pause, refuse, Refused } from '../../kernel/index.js';
import { RELEASE } from '../../platform/config.js';

/** Longer than the lease of a replay that was killed. */
const CLAIM_MS = 10_000;
const CLAIM_EVERY_MS = 500;
const NOTE = { release: RELEASE };

/**
 * Works under leases on the views beside the live ones; the gateways keep the live ones meanwhile.
 * @throws Refused `replay_running`: another process works on the same view
 */
export async function alone<T>(
  readModels: ReadModelStore,
  projections: readonly Projection[],
  beside: (view: ViewDefinition) => ViewDefinition,
  work: () => Promise<T>,
): Promise<T> {
  const owner = newId();
  const leases = projections.map(({ view }) => viewLease(readModels, beside(view), owner));
  const done = new AbortController();
  const renewals: Promise<void>[] = [];
  try {
    for (const [index, { view }] of projections.entries()) {
      const lease = leases[index] as Lease;
      const { release } = (await lease.read()).note;
      await claim(lease, view);
      renewals.push(renew(lease, done.signal));
      // Rows that another release began may have another format.
      if (release !== RELEASE && (await readModels.checkpoint(beside(view))) !== START)
        await emptyView(readModels, beside(view));
    }
    return await work();
  } finally {
    done.abort();
    await Promise.all(renewals);
    await Promise.all(leases.map((lease) => lease.release(0).catch(() => undefined))); // otherwise they expire
  }
}

async function claim(lease: Lease, { name }: ViewDefinition): Promise<void> {
  const deadline = performance.now() + CLAIM_MS;
  while (!(await lease.acquire(Date.now(), NOTE))) {
    if (performance.now() > deadline)
      throw new Refused(
        refuse('conflict', 'replay_running', `Another replay is rebuilding ${name}. Wait for it, or stop it.`),
      );
    await pause(CLAIM_EVERY_MS);
  }
}

/** Losing the lease is harmless: every write is guarded. */
async function renew(lease: Lease, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(RENEW_MS, signal);
    if (!signal.aborted) await lease.acquire(Date.now(), NOTE).catch(() => undefined);
  }
}
