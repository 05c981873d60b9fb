import { EventStoreUnavailable } from './event-store.js';

/**
 * The result of `work`, unless that takes longer: then it rejects with the error that `late` makes. The work itself
 * goes on, with its result unknown and ignored.
 */
export async function inTime<T>(
  work: Promise<T>,
  milliseconds: number,
  late: (reject: (error: Error) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => late(reject), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The result of `work`, unless that takes too long. The work itself goes on.
 * @throws EventStoreUnavailable after `timeoutMs`.
 */
export function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const limitMs = Math.max(0, timeoutMs);
  return inTime(work, limitMs, (reject) =>
    reject(new EventStoreUnavailable(`no answer within ${Math.round(limitMs)} ms`)),
  );
}
