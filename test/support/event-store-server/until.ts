import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what must become true, however loaded the machine is. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await delay(5);
  }
}

/** What the work comes to, once it succeeds: it is done again for as long as it fails. */
export async function eventually<T>(work: () => Promise<T>, limitMs = 20_000): Promise<T> {
  const started = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() - started > limitMs) throw error;
      await delay(5);
    }
  }
}
