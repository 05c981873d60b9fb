import { invalidRequest } from './api-error.js';

/** A span of time, as events have their instants. */
export interface Period {
  /** The first instant of it. */
  readonly from?: string | undefined;
  /** The first instant after it. */
  readonly to?: string | undefined;
}

/** @throws ApiError 400 for a period that is empty */
export function checkPeriod({ from, to }: Period): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidRequest('"from" must be earlier than "to".', 'from');
}
