/** The only source of time outside tests. Deciders never see it: a command carries its instant. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

/** An instant as events carry it: ISO 8601, UTC, milliseconds. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString();

/** Reads an ISO 8601 instant. @throws RangeError when it is not one. */
export function fromInstant(instant: string): number {
  const epochMs = Date.parse(instant);
  if (epochMs !== epochMs) throw new RangeError(`"${instant}" is not an ISO 8601 instant`);
  return epochMs;
}

/** A UTC day, which has no leap seconds here (POSIX time). */
export const DAY_MS = 86_400_000;

/** The UTC day of an instant as events carry it, such as `2026-03-01`. */
export const dayOf = (instant: string): string => instant.slice(0, 'yyyy-mm-dd'.length);

/** The UTC calendar month of an instant as events carry it, such as `2026-03`. */
export const monthOf = (instant: string): string => instant.slice(0, 'yyyy-mm'.length);
