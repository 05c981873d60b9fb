// How read models are shown to operators: each with what is made beside it.
import { besideView, comparedView, START, type ViewStatus } from '../../event-store/index.js';
import type { ReplayRun } from '../replay/replay.dto.js';
import type { ProjectionStatus } from '../workers/projection-runner.js';
import { isOfThisRelease } from './known-views.js';
import type { ProjectionShown, ViewWork } from './projections.dto.js';

export interface Looked {
  /** The views of this release. */
  readonly own: readonly ProjectionStatus[];
  /** Those that there are, also beside these, and of other releases. */
  readonly known: readonly ViewStatus[];
  /** The newest replays of operators. */
  readonly replays: readonly ReplayRun[];
}

const isOpen = ({ status }: ReplayRun): boolean => status === 'queued' || status === 'running';

export function shownViews({ own, known, replays }: Looked): ProjectionShown[] {
  const views = new Map(known.map((status) => [status.name, status]));
  const isBeside = ({ name }: ViewStatus): boolean => name.endsWith('-rebuild') || name.endsWith('-compare');
  const others = known.filter((status) => !isOfThisRelease(status.name) && !isBeside(status));
  const open = replays.filter(isOpen);
  return [
    ...own.map((status) => shown(status, workOn(status.name, views, open))),
    ...others.map((status) => shown({ ...status, secondsLeft: undefined, eventsPerSecond: undefined }, null)),
  ];
}

/** What is made beside a view. A rebuild that nobody works on is left for the next one; a comparison leaves nothing. */
function workOn(name: string, views: ReadonlyMap<string, ViewStatus>, open: readonly ReplayRun[]): ViewWork | null {
  const view = { name, indexes: [] };
  const of = (kind: ViewWork['kind'], beside: ViewStatus | undefined): ViewWork | undefined => {
    const job = open.find(({ views: its, diff }) => its.includes(name) && diff === (kind === 'comparison'));
    const isWorkedOn = beside?.inUse === true;
    const isLeft = kind === 'rebuild' && beside !== undefined && beside.position > START;
    if (job === undefined && !isWorkedOn && !isLeft) return undefined;
    const state = isWorkedOn || job?.status === 'running' ? 'running' : job ? 'queued' : 'interrupted';
    const position = beside === undefined || beside.position === START ? null : beside.position;
    return { kind, state, job_id: job?.id ?? null, position, percent: percentOf(position === null ? 0 : beside?.done) };
  };
  return (
    of('rebuild', views.get(besideView(view).name)) ?? of('comparison', views.get(comparedView(view).name)) ?? null
  );
}

const percentOf = (done = 0): number => Math.floor(done * 100);
const rounded = (figure: number | undefined): number | null => (figure === undefined ? null : Math.ceil(figure));

function shown(status: ProjectionStatus, work: ViewWork | null): ProjectionShown {
  const { name, state, reason, position, head, lagSeconds, done, release, inUse } = status;
  return {
    name,
    version: Number.parseInt(/-(\d+)$/.exec(name)?.[1] ?? '1', 10),
    state,
    reason: reason ?? null,
    position,
    lag_events: Math.max(0, head - position),
    lag_seconds: Math.round(lagSeconds),
    percent: percentOf(done),
    events_per_second: status.eventsPerSecond === undefined ? null : Math.round(status.eventsPerSecond),
    seconds_left: rounded(status.secondsLeft),
    release: release ?? null,
    this_release: isOfThisRelease(name),
    in_use: inUse,
    work,
  };
}
