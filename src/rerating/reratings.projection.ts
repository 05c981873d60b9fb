// One row for each re-rating run.
import type { Projection } from '../event-store/index.js';
import { add, formatUsd, type JsonObject, usd } from '../kernel/index.js';
import type { Proposal, RunStatus } from './rerating.js';
import { readReratingEvent, type ReratingEvent, runOfStream } from './rerating.events.js';

export interface ReratingRun extends JsonObject {
  readonly runId: string;
  readonly status: RunStatus;
  readonly proposal: Proposal & JsonObject;
  /** The run that it undoes. */
  readonly reverses?: string;
  readonly proposedAt: string;
  readonly approvedBy?: string;
  readonly approvalReason?: string;
  /** What it has booked so far. */
  readonly done: { readonly accounts: number; readonly charges: number; readonly difference: string };
  readonly endedAt?: string;
  readonly cancelled?: { readonly by: string; readonly reason: string };
}

export const reratingRuns: Projection<ReratingRun> = {
  view: {
    name: 'reratings-2',
    indexes: [['proposedAt'], ['status', 'proposedAt'], ['reverses', 'proposedAt']],
  },
  rowId: ({ stream }) => runOfStream(stream),
  step(row, recorded) {
    const event = readReratingEvent(recorded);
    if (event.type === 'ReratingProposed') {
      const { at: proposedAt, ...proposal } = event.data;
      const { reverses } = proposal;
      const done = { accounts: 0, charges: 0, difference: '0.00' };
      const run = { runId: runOfStream(recorded.stream) ?? '', proposal, ...(reverses && { reverses }) };
      return { ...run, status: 'proposed', proposedAt, done };
    }
    if (row === undefined) throw new Error(`impossible history: ${event.type} of an unknown run`);
    return { ...row, ...change(row, event) };
  },
};

type Later = Exclude<ReratingEvent, { type: 'ReratingProposed' }>;

function change({ done }: ReratingRun, { type, data }: Later): Partial<ReratingRun> {
  switch (type) {
    case 'ReratingApproved': {
      const { approvedBy, approvalReason } = data;
      return { status: 'approved', approvedBy, ...(approvalReason !== undefined && { approvalReason }) };
    }
    case 'AccountRerated':
      return {
        done: {
          accounts: done.accounts + 1,
          charges: done.charges + data.charges,
          difference: formatUsd(add(usd(done.difference), usd(data.difference))),
        },
      };
    case 'ReratingCompleted':
      return { status: 'completed', endedAt: data.at };
    case 'ReratingCancelled':
      return { status: 'cancelled', endedAt: data.at, cancelled: { by: data.by, reason: data.reason } };
    case 'ReversalProposed':
      return {}; // the run that it names has a row of its own
  }
}
