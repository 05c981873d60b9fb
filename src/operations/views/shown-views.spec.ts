import { expect, it } from 'vitest';
import type { ViewStatus } from '../../event-store/index.js';
import { balances } from '../../ledger/index.js';
import type { ReplayRun } from '../replay/replay.dto.js';
import { shownViews } from './shown-views.js';

const NAME = balances.view.name;
const status = (name: string, more: Partial<ViewStatus> = {}): ViewStatus => ({
  name,
  state: 'live',
  position: 99,
  head: 99,
  lagSeconds: 0,
  done: 1,
  release: '1.0.0',
  inUse: true,
  ...more,
});
const replay = (more: Partial<ReplayRun> = {}): ReplayRun => ({
  id: 'job-1',
  object: 'replay',
  status: 'running',
  views: [NAME],
  diff: false,
  started_by: 'olga',
  created_at: '2026-03-01T00:00:00.000Z',
  finished_at: null,
  result: null,
  error: null,
  ...more,
});
const own = [{ ...status(NAME, { position: 89, lagSeconds: 3.6, done: 0.9 }), secondsLeft: 1.2, eventsPerSecond: 8.4 }];
const workOf = (known: readonly ViewStatus[], replays: readonly ReplayRun[]) =>
  shownViews({ own, known, replays })[0]?.work;

it('a read model is told with its version, its lag, its speed and the time left', () => {
  const [shown] = shownViews({ own, known: [], replays: [] });
  const lag = { lag_events: 10, lag_seconds: 4, percent: 90, events_per_second: 8, seconds_left: 2 };
  expect(shown).toMatchObject({ name: NAME, version: 1, state: 'live', this_release: true, ...lag, work: null });
});

it('what is made beside it is told with its job, whether that waits, runs or was left', () => {
  const beside = status(`${NAME}-rebuild`, { position: 49, done: 0.5 });
  expect(workOf([beside], [replay()])).toEqual({
    kind: 'rebuild',
    state: 'running',
    job_id: 'job-1',
    position: 49,
    percent: 50,
  });
  expect(workOf([], [replay({ status: 'queued' })])).toMatchObject({ state: 'queued', position: null, percent: 0 });
  expect(workOf([{ ...beside, inUse: false }], [replay({ status: 'cancelled' })])).toMatchObject({
    state: 'interrupted',
    job_id: null,
  });
  expect(workOf([beside], [])).toMatchObject({ kind: 'rebuild', state: 'running', job_id: null });
  const compared = status(`${NAME}-compare`);
  expect(workOf([compared], [replay({ diff: true })])).toMatchObject({ kind: 'comparison', job_id: 'job-1' });
  expect(workOf([{ ...compared, inUse: false }], [])).toBeNull();
});

it('views of other releases come after those of this one', () => {
  const shown = shownViews({ own, known: [status('balances-0', { inUse: false, state: 'idle' })], replays: [] });
  expect(shown.map(({ name, this_release }) => [name, this_release])).toEqual([
    [NAME, true],
    ['balances-0', false],
  ]);
});
