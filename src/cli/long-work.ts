// Work that may take minutes: it says how far it is, and ends in order at Ctrl-C.
import type { WalkProgress } from '../event-store/index.js';
import { ProgressLine } from './progress.js';

/** The exit code of a command that Ctrl-C ended, as in shells: 128 and the number of SIGINT. */
const CANCELLED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const RESUMES = 'The same command goes on from there.';

export interface Watch {
  readonly signal: AbortSignal;
  /** How far a reading of the log is. */
  readonly onProgress: (progress: WalkProgress) => void;
  /** How many of all units are done. */
  readonly progress: (done: number, total: number) => void;
  /** Ends the line that says so, before something else is printed. */
  readonly end: () => void;
}

interface Wishes {
  /** What is counted by `progress`, such as "accounts". */
  readonly units?: string;
  /** What is there when it was stopped; by default, that the same command goes on. */
  readonly outcome?: string;
}

/** Does work, shows how far it is, and ends it at Ctrl-C: see `cancellable`. */
export async function longWork<T>(
  name: string,
  work: (watch: Watch) => Promise<T>,
  { units = 'events', outcome = RESUMES }: Wishes = {},
): Promise<T | undefined> {
  const line = new ProgressLine(name);
  return cancellable((signal) => {
    const onProgress = (progress: WalkProgress): void => line.show(progress);
    const progress = (done: number, total: number): void => line.count(done, total, units);
    const end = (): void => line.end();
    return work({ signal, onProgress, progress, end }).finally(end);
  }, outcome);
}

/**
 * Does work whose signal the first Ctrl-C, or SIGTERM, aborts; the next one ends the process at once. Work that throws once it is aborted
 * was stopped: then the outcome is told, the exit code is 130, and the result is undefined. Work that is whole all the same counts as done.
 */
export async function cancellable<T>(
  work: (signal: AbortSignal) => Promise<T>,
  outcome = RESUMES,
): Promise<T | undefined> {
  const stop = new AbortController();
  const onSignal = (): void => {
    release();
    stop.abort();
  };
  const release = (): void => SIGNALS.forEach((name) => void process.off(name, onSignal));
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error(`Stopped. ${outcome}`);
    process.exitCode = CANCELLED;
    return undefined;
  } finally {
    release();
  }
}
