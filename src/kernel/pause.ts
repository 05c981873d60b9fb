import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits, or returns early when the signal aborts. With `ref: false` it does not keep the process alive. Never rejects.
 */
export const pause = (milliseconds: number, signal?: AbortSignal, { ref = true } = {}): Promise<void> =>
  delay(milliseconds, undefined, { ref, ...(signal && { signal }) }).catch(() => undefined);
