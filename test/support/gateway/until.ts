import { setTimeout as sleep } from 'node:timers/promises';

const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
/** Of the time that was waited already, how much to wait again: asking must not keep the machine busy. */
const PAUSE_SHARE = 0.05;
/** Generous: tests share a small machine. */
const LIMIT_MS = 60_000;

/** Asks until the answer is neither undefined nor false, and returns it. @throws Error naming what did not come about. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = LIMIT_MS,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    const waitedMs = performance.now() - started;
    if (waitedMs > limitMs) throw new Error(`${what} did not come about within ${limitMs} ms`);
    await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, waitedMs * PAUSE_SHARE)));
  }
}

/** What the work comes to, once it succeeds: it is done again for as long as it fails. */
export async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() - started > LIMIT_MS) throw error;
      await sleep(SHORTEST_PAUSE_MS);
    }
  }
}
