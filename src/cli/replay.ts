import { Command } from 'commander';
import { RELEASE } from '../config.js';
import {
  besideView,
  emptyView,
  type EventStore,
  type Lease,
  type Projection,
  type ReadModelStore,
  rebuild,
  RENEW_MS,
  START,
  viewLease,
} from '../event-store/index.js';
import { newId, pause } from '../kernel/index.js';
import { PROJECTIONS } from '../operations/index.js';
import { withContext } from './context.js';
import { CANCELLED, printFields, printJson, type TableRow, UsageError, wantsJson } from './output.js';
import { ProgressLine } from './progress.js';

/** Longer than the lease of a replay that was killed. */
const CLAIM_MS = 10_000;
const CLAIM_EVERY_MS = 500;
const NOTE = { release: RELEASE };

export const replayCommand = (): Command =>
  new Command('replay')
    .argument('[views...]', 'the read models to rebuild; all without it')
    .description('rebuild read models from the events, beside the live ones, then switch; Ctrl-C stops, again goes on')
    .action(replay);

function replay(names: string[], _options: object, command: Command): Promise<void> {
  const chosen = names.length === 0 ? PROJECTIONS : names.map(projectionNamed);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return withContext(async ({ store, readModels }) => {
    const rebuilt: TableRow[] = [];
    for (const projection of chosen) {
      const line = new ProgressLine(projection.view.name);
      const isWhole = await rebuildAlone({ store, readModels, projection, line, signal: stop.signal });
      line.end();
      if (!isWhole) {
        process.exitCode = CANCELLED;
        console.error('Stopped. Nothing has changed for readers; the same command goes on from there.');
        break;
      }
      const row = { view: projection.view.name, events: line.events, seconds: line.seconds.toFixed(2) };
      rebuilt.push(row);
      if (!wantsJson(command)) printFields(command, row); // a table for each as it is done; JSON is one text
    }
    if (wantsJson(command)) printJson(rebuilt);
  });
}

function projectionNamed(name: string): Projection {
  const found = PROJECTIONS.find(({ view }) => view.name === name || view.name.replace(/-\d+$/, '') === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no read model "${name}". There are: ${PROJECTIONS.map(({ view }) => view.name).join(', ')}.`,
  );
}

interface Rebuild {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
  readonly projection: Projection;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

/** Rebuilds under a lease on the place beside the live view: the live one is its gateway's all the while. False when it was cancelled. */
async function rebuildAlone({ store, readModels, projection, line, signal }: Rebuild): Promise<boolean> {
  const beside = besideView(projection.view);
  const lease = viewLease(readModels, beside, newId());
  const { release } = (await lease.read()).note;
  await claim(lease, projection);
  // Rows that another release began may be of another making.
  if (release !== RELEASE && (await readModels.checkpoint(beside)) !== START) await emptyView(readModels, beside);
  const done = new AbortController();
  const renewal = renew(lease, done.signal);
  try {
    return await rebuild(store, readModels, projection, (progress) => line.show(progress), signal);
  } finally {
    done.abort();
    await renewal;
    await lease.release(0).catch(() => undefined); // else it runs out
  }
}

/** @throws UsageError when another replay is at work and stays so. */
async function claim(lease: Lease, { view }: Projection): Promise<void> {
  const deadline = performance.now() + CLAIM_MS;
  while (!(await lease.acquire(Date.now(), NOTE))) {
    if (performance.now() > deadline)
      throw new UsageError(`Another replay is rebuilding ${view.name}. Wait for it, or stop it.`);
    await pause(CLAIM_EVERY_MS);
  }
}

/** To lose the lease does no harm: all that is written is guarded. */
async function renew(lease: Lease, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(RENEW_MS, signal);
    if (!signal.aborted) await lease.acquire(Date.now(), NOTE).catch(() => undefined);
  }
}
