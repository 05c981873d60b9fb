import { EventStoreUnavailable } from './event-store.js';

/**
 * What `work` comes to, unless that takes too long. The work itself goes on: its outcome is unknown, and nobody hears of it any more.
 * @throws EventStoreUnavailable after `timeoutMs`.
 */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const limitMs = Math.max(0, timeoutMs);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new EventStoreUnavailable(`no answer within ${Math.round(limitMs)} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
