import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventStore, type Projection, ReadModelStore, type RowDifference } from '../../event-store/index.js';
import { refuse, Refused } from '../../kernel/index.js';
import { type JobKind, type JobRun, Jobs, progressOf } from '../../platform/jobs/index.js';
import { PROJECTIONS } from '../projections.js';
import { differenceText } from './difference-text.js';
import { diffViews, projectionNamed, rebuildViews } from './replay.js';

/** A job’s result has room for so many. */
const MOST_DIFFERENCES = 75;

// Types, not interfaces: only so they pass for JSON objects. They are shown as they are.
export type ReplayInput = {
  /** By their names with the version; all of them. */
  readonly views: readonly string[];
  /** Whether they are compared only, and nothing changes. */
  readonly diff: boolean;
};

export type ReplayOutcome =
  | { readonly views: readonly { readonly view: string; readonly events: number; readonly failure?: string }[] }
  | {
      readonly views: readonly {
        readonly view: string;
        readonly position: number;
        readonly differences: number;
        readonly failure?: string;
      }[];
      /** The first of them. */
      readonly differences: readonly string[];
    };

/** The names of read models, with their versions; of all without any. Refused: `view_not_found`. */
export function viewsNamed(names: readonly string[]): string[] {
  if (names.length === 0) return PROJECTIONS.map(({ view }) => view.name);
  return [...new Set(names.map((name) => named(name).view.name))].toSorted();
}

/** A read model by its name. Refused: `view_not_found`. */
export function named(name: string): Projection {
  const found = projectionNamed(name);
  if (found !== undefined) return found;
  const all = PROJECTIONS.map(({ view }) => view.name).join(', ');
  const sentence = `There is no read model “${name.slice(0, 40)}”. There are: ${all}.`;
  throw new Refused(refuse('not_found', 'view_not_found', sentence));
}

/**
 * Rebuilds read models, or compares them with the events, when an operator asks for it through /api. Both go on from the rows that an earlier run
 * has made, and two that need the same rows never run at once: the second one is refused.
 */
@Injectable()
export class ReplayJob implements JobKind<ReplayInput, ReplayOutcome>, OnModuleInit {
  readonly kind = 'replay';
  readonly role = 'operator';

  constructor(
    private readonly jobs: Jobs,
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  readonly run = async ({ views, diff }: ReplayInput, job: JobRun): Promise<ReplayOutcome> => {
    const stores = { store: this.store, readModels: this.readModels };
    const watch = { signal: job.signal, onProgress: progressOf(job) };
    const chosen = views.map(named);
    if (!diff) {
      const rebuilt = await rebuildViews(stores, chosen, watch);
      return { views: rebuilt.map(({ view, events, failure }) => ({ view: view.name, events, ...because(failure) })) };
    }
    const differences: string[] = [];
    const onDifference = (found: RowDifference): void => {
      if (differences.length < MOST_DIFFERENCES) differences.push(differenceText(found));
    };
    const compared = await diffViews(stores, chosen, { ...watch, onDifference });
    return { views: compared.map(({ isWhole: _isWhole, ...view }) => view), differences };
  };
}

const because = (failure: Error | undefined): { failure?: string } =>
  failure === undefined ? {} : { failure: failure.message };
