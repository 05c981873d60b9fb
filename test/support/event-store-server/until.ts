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
