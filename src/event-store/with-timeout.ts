import { EventStoreUnavailable } from './event-store.js';

/**
 * The result of `work`, unless that takes longer: then it rejects with the error that `late` makes. The work itself
 * goes on, with its result unknown and ignored.
 */
export function inTime<T>(
  work: Promise<T>,
  milliseconds: number,
  late: (reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(late, milliseconds, reject);
    work.then(
      (result) => {
        clearTimeout(timer);
        return resolve(result);
      },
      (error: Error) => {
        clearTimeout(timer);
        return reject(error);
      },
    );
  });
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
