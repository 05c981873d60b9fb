import { setTimeout as delay } from 'node:timers/promises';

/** Waits, but not beyond the abort. With `ref: false` it keeps no process from ending. Never rejects. */
export const pause = (milliseconds: number, signal?: AbortSignal, { ref = true } = {}): Promise<void> =>
  delay(milliseconds, undefined, { ref, ...(signal && { signal }) }).catch(() => undefined);
