import { setTimeout as delay } from 'node:timers/promises';
import { type EventStore, START } from './event-store.js';
import { logFault } from './log-mark.js';
import { doneOf, Progress } from './progress.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/** A view did not catch up in time with what a read must show. */
export class ViewBehind extends Error {
  override readonly name = 'ViewBehind';

  constructor(
    readonly view: string,
    /** The position it reached and the one it needed; undefined where its position could not be read. */
    readonly reached: { readonly position: number | undefined; readonly target: number },
    /** Estimated time until it gets there; undefined when it stands still. */
    readonly secondsLeft: number | undefined,
    options?: ErrorOptions,
  ) {
    super(`${view} ${howFar(reached)}`, options);
  }
}

const howFar = ({ position, target }: ViewBehind['reached']): string =>
  position === undefined
    ? 'can’t be read'
    : `has not seen yet all that it must show, but about ${Math.floor(doneOf(position, target) * 100)} % of the ledger`;

const POLL_MS = 25;
const TIMEOUT_MS = 5_000;

interface Waiter {
  readonly target: number;
  readonly tell: (seen: boolean) => void;
}

/** A view that reads wait for. Its position is read once for all of them, for as long as there are any. */
interface Watch {
  readonly waiters: Set<Waiter>;
  readonly progress: Progress;
  position?: number;
  error?: unknown;
}

/** Lets reads wait until a view has taken in what was written before them, so that everyone reads their own writes. */
export class WaitFor {
  readonly #watches = new Map<string, Watch>();

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    /** The longest that a read waits, in milliseconds. */
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /**
   * Resolves when the view has taken in everything in the log at the time of the call.
   * @throws ViewBehind when that takes too long.
   * @throws EventStoreUnavailable when the end of the log can't be read.
   */
  async head(view: ViewDefinition): Promise<void> {
    await this.position(view, await this.store.head());
  }

  /**
   * The same for several views, for reads that are right for what they show and may show less: resolves also when one of them has stopped, or
   * does not come that far in time.
   */
  async asFarAsPossible(views: readonly ViewDefinition[]): Promise<void> {
    const waits = views.map((view) =>
      this.head(view).catch((error: unknown) => {
        if (!(error instanceof ViewBehind)) throw error;
      }),
    );
    await Promise.all(waits);
  }

  /** Resolves when the view has taken in everything up to `target`. @throws ViewBehind when that takes too long. */
  async position(view: ViewDefinition, target: number): Promise<void> {
    if (target === START) return;
    const watch = this.#watch(view);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { target, tell: resolve };
    watch.waiters.add(waiter);
    const timer = setTimeout(() => resolve(false), this.timeoutMs);
    const seen = await promise;
    clearTimeout(timer);
    watch.waiters.delete(waiter);
    if (!seen) throw behind(view, watch, target);
  }

  #watch(view: ViewDefinition): Watch {
    const running = this.#watches.get(view.name);
    if (running !== undefined) return running;
    const watch: Watch = { waiters: new Set(), progress: new Progress() };
    this.#watches.set(view.name, watch);
    void this.#run(view, watch);
    return watch;
  }

  async #run(view: ViewDefinition, watch: Watch): Promise<void> {
    do {
      await this.#look(view, watch);
      if (watch.waiters.size > 0) await delay(POLL_MS);
    } while (watch.waiters.size > 0);
    this.#watches.delete(view.name);
  }

  /** A store that fails is tried again: it may be back in time. */
  async #look(view: ViewDefinition, watch: Watch): Promise<void> {
    try {
      const position = await this.readModels.checkpoint(view);
      Object.assign(watch, { position, error: undefined });
      watch.progress.add({ at: performance.now(), position, events: 0 });
      const served = [...watch.waiters].filter(({ target }) => target <= position);
      if (served.length === 0) return;
      // A position in another log means nothing for this one.
      const fault = await logFault(this.store, this.readModels, view);
      if (fault !== undefined && fault.kind !== 'unknown') throw new Error(fault.sentence);
      for (const { tell } of served) tell(true);
    } catch (error) {
      Object.assign(watch, { position: undefined, error });
    }
  }
}

function behind({ name }: ViewDefinition, { position, error, progress }: Watch, target: number): ViewBehind {
  const { secondsLeft } = progress.figures(target);
  const options = error === undefined ? undefined : { cause: error };
  return new ViewBehind(name, { position, target }, position === undefined ? undefined : secondsLeft, options);
}
