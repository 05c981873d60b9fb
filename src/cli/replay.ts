import { Command } from 'commander';
import { RELEASE } from '../platform/config.js';
import {
  besideView,
  emptyView,
  type Lease,
  type Projection,
  type ReadModelStore,
  rebuild,
  RENEW_MS,
  START,
  type ViewDefinition,
  viewLease,
  type WalkProgress,
} from '../event-store/index.js';
import { newId, pause } from '../kernel/index.js';
import { PROJECTIONS } from '../operations/index.js';
import { withContext } from './context.js';
import { CANCELLED, printRows, UsageError } from './output.js';
import { ProgressLine } from './progress.js';

/** Longer than the lease of a replay that was killed. */
const CLAIM_MS = 10_000;
const CLAIM_EVERY_MS = 500;
const NOTE = { release: RELEASE };

export const replayCommand = (): Command =>
  new Command('replay')
    .argument('[views...]', 'the read models to rebuild; all by default')
    .description(
      'rebuild read models from the events, beside the live ones, then switch; Ctrl-C stops, the same command continues',
    )
    .action(replay);

function replay(names: string[], _options: object, command: Command): Promise<void> {
  const chosen = names.length === 0 ? PROJECTIONS : [...new Set(names.map(projectionNamed))];
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return withContext(async ({ store, readModels }) => {
    const line = new ProgressLine(chosen.length === 1 ? nameOf(chosen[0]) : `${chosen.length} read models`);
    const options = { onProgress: (progress: WalkProgress) => line.show(progress), signal: stop.signal };
    const results = await alone(readModels, chosen, () => rebuild(store, readModels, chosen, options));
    line.end();
    const seconds = line.seconds.toFixed(2);
    const rebuilt = results.filter(({ isWhole }) => isWhole);
    printRows(
      command,
      rebuilt.map(({ view, events }) => ({ view: view.name, events, seconds })),
      'Nothing was rebuilt.',
    );
    for (const { failure } of results) if (failure !== undefined) throw failure;
    if (rebuilt.length === results.length) return;
    process.exitCode = CANCELLED;
    console.error('Stopped. Nothing has changed for readers; the same command continues from there.');
  });
}

const nameOf = (projection: Projection | undefined): string => projection?.view.name ?? '';

function projectionNamed(name: string): Projection {
  const found = PROJECTIONS.find(({ view }) => view.name === name || view.name.replace(/-\d+$/, '') === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no read model "${name}". There are: ${PROJECTIONS.map(({ view }) => view.name).join(', ')}.`,
  );
}

/** Works under leases on the views beside the live ones; the gateways keep the live ones meanwhile. */
async function alone<T>(
  readModels: ReadModelStore,
  projections: readonly Projection[],
  work: () => Promise<T>,
): Promise<T> {
  const owner = newId();
  const leases = projections.map(({ view }) => viewLease(readModels, besideView(view), owner));
  const done = new AbortController();
  const renewals: Promise<void>[] = [];
  try {
    for (const [index, { view }] of projections.entries()) {
      const lease = leases[index] as Lease;
      const { release } = (await lease.read()).note;
      await claim(lease, view);
      renewals.push(renew(lease, done.signal));
      const beside = besideView(view);
      // Rows that another release began may have another format.
      if (release !== RELEASE && (await readModels.checkpoint(beside)) !== START) await emptyView(readModels, beside);
    }
    return await work();
  } finally {
    done.abort();
    await Promise.all(renewals);
    await Promise.all(leases.map((lease) => lease.release(0).catch(() => undefined))); // otherwise they expire
  }
}

/** @throws UsageError when another replay keeps working on it. */
async function claim(lease: Lease, { name }: ViewDefinition): Promise<void> {
  const deadline = performance.now() + CLAIM_MS;
  while (!(await lease.acquire(Date.now(), NOTE))) {
    if (performance.now() > deadline)
      throw new UsageError(`Another replay is rebuilding ${name}. Wait for it, or stop it.`);
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
