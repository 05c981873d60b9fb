import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { RELEASE } from '../platform/config.js';
import { emptyView, isInUse, keptViews, Progress, START, viewLease, type ViewStatus } from '../event-store/index.js';
import { newId } from '../kernel/index.js';
import { isOfThisRelease, knownViews } from '../operations/index.js';
import { withContext } from './context.js';
import { printFields, printRows, type TableRow, UsageError } from './output.js';

/** Two readings of moving views show their speed. */
const SECOND_LOOK_MS = 1_000;
const VIEW_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export function viewsCommands(views: Command): void {
  views
    .command('list', { isDefault: true })
    .description('list every view: its progress, and which release keeps it')
    .action(list);
  views.command('drop <view>').description('delete the rows of a version that no gateway uses any more').action(drop);
}

function list(_options: object, command: Command): Promise<void> {
  return withContext(async ({ store, readModels }) => {
    const look = (): Promise<ViewStatus[]> => knownViews(store, readModels, Date.now());
    const first = await look();
    const isMoving = first.some(({ inUse, state }) => inUse && state === 'building');
    if (isMoving) await delay(SECOND_LOOK_MS);
    const second = isMoving ? await look() : first;
    const before = new Map(first.map(({ name, position }) => [name, position]));
    const rows = second.map((status) => shown(status, secondsLeft(status, before.get(status.name))));
    printRows(command, rows, 'There are no views.');
  });
}

function secondsLeft({ position, head }: ViewStatus, before = position): number | undefined {
  const progress = new Progress();
  progress.add({ at: 0, position: before, events: 0 });
  progress.add({ at: SECOND_LOOK_MS, position, events: 0 });
  return progress.figures(head).secondsLeft;
}

function shown(status: ViewStatus, left: number | undefined): TableRow {
  const { name, state, position, lagSeconds, done, inUse, reason } = status;
  const thisRelease = isOfThisRelease(name);
  return {
    view: name,
    state,
    position,
    lagSeconds: Math.round(lagSeconds),
    progress: `${Math.floor(done * 100)} %`,
    ...(state === 'building' && left !== undefined && { secondsLeft: Math.ceil(left) }),
    release: status.release ?? (thisRelease ? RELEASE : undefined),
    inUse,
    thisRelease,
    ...(reason !== undefined && { reason }),
  };
}

function drop(name: string, _options: object, command: Command): Promise<void> {
  return withContext(async ({ readModels }) => {
    if (isOfThisRelease(name))
      throw new UsageError(`${name} is a read model of this release (${RELEASE}). To rebuild it: tokenhub replay.`);
    const view = { name, indexes: [] };
    if (!VIEW_NAME.test(name) || (await readModels.checkpoint(view)) === START)
      throw new UsageError(`There is no view "${name}" with rows. "tokenhub views" lists all.`);
    const keeper = (await keptViews(readModels)).get(name);
    const lease = viewLease(readModels, view, newId());
    const isFree = keeper === undefined || !isInUse(keeper, Date.now());
    // Under its lease, so that no gateway starts to keep it in between.
    if (!isFree || !(await lease.acquire(Date.now(), { release: keeper?.release ?? 'unknown' })))
      throw new UsageError(
        `${name} is in use by release ${keeper?.release ?? 'unknown'}, or was a moment ago. Stop that first, then try again.`,
      );
    await emptyView(readModels, view);
    await lease.release(0);
    printFields(command, { view: name, status: 'dropped' });
  });
}
