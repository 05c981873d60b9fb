import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
/** Generous: tests share a small machine. */
const LIMIT_MS = 30_000;

/** Asks until the answer is neither undefined nor false, and returns it. @throws Error naming what did not come about. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = LIMIT_MS,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`${what} did not come about within ${limitMs} ms`);
    await sleep(POLL_MS);
  }
}
