// Reads the log from a position to its present end, once for several projectors.
import type { EventStore, RecordedEvent } from './event-store.js';
import type { Projection } from './projection.js';
import { PoisonEvent, Projector } from './projector.js';
import type { ReadModelStore } from './read-model-store.js';

/** The progress of a reading of the log. */
export interface WalkProgress {
  readonly position: number;
  readonly head: number;
  /** Events read so far. */
  readonly events: number;
}

export interface WalkOptions {
  readonly onProgress?: ((progress: WalkProgress) => void) | undefined;
  /** Stops it after the current page. */
  readonly signal?: AbortSignal | undefined;
  /** Reads only a prefix of the log: it ends before the first event for which this is false. */
  readonly upTo?: ((event: RecordedEvent) => boolean) | undefined;
}

const PAGE = 2_000;

/**
 * Brings projectors to the present head with one reading of the log, page by page. A projector that can't continue
 * stays behind and is named in the result.
 */
export async function walk(
  store: EventStore,
  projectors: readonly Projector[],
  { onProgress, signal, upTo = () => true }: WalkOptions = {},
): Promise<ReadonlyMap<Projector, PoisonEvent>> {
  const failures = new Map<Projector, PoisonEvent>();
  const well = (): Projector[] => projectors.filter((projector) => !failures.has(projector));
  const all = (work: (projector: Projector) => Promise<unknown>): Promise<unknown> =>
    Promise.all(
      well().map((projector) =>
        work(projector).catch((error: unknown) => {
          if (!(error instanceof PoisonEvent)) throw error;
          failures.set(projector, error);
        }),
      ),
    );

  const head = await store.head();
  await all((projector) => projector.resume());
  for (let events = 0; !signal?.aborted;) {
    const reached = Math.min(...well().map(({ position }) => position));
    const page = reached < head ? await store.readAll(reached, PAGE) : [];
    const end = page.findIndex((event) => !upTo(event));
    const prefix = end === -1 ? page : page.slice(0, end);
    const last = prefix.at(-1);
    if (last === undefined) break;
    await all((projector) => projector.take(prefix));
    onProgress?.({ position: last.position, head, events: (events += prefix.length) });
    if (end !== -1) break;
  }
  return failures;
}

/** Brings the views of projections up to the present end of the log. @throws PoisonEvent */
export async function bringUpToDate(
  store: EventStore,
  readModels: ReadModelStore,
  projections: readonly Projection[],
): Promise<void> {
  const projectors = projections.map((projection) => new Projector(store, readModels, projection));
  for (const failure of (await walk(store, projectors)).values()) throw failure;
}
