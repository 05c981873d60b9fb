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

/** Reads an instant of an event. What people write is for `readInstant`. @throws RangeError when it is not one. */
export function fromInstant(instant: string): number {
  const epochMs = Date.parse(instant);
  if (epochMs !== epochMs) throw new RangeError(`"${instant}" is not an ISO 8601 instant`);
  return epochMs;
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?([Zz]|[-+ ]\d{2}:\d{2})?)?$/;

/**
 * Reads an instant as people and programs write one (RFC 3339, section 5.6, and without seconds); a day is its first moment, UTC. An offset
 * may begin with a space: so a "+" arrives that a query did not escape.
 * @throws RangeError that says what is wrong with it
 */
export function readInstant(text: string): number {
  const [, day, minutes = '00:00', seconds = ':00', offset] = WRITTEN.exec(text) ?? [];
  const wrong = (what: string): RangeError => new RangeError(`"${text.slice(0, 60)}" ${what}`);
  if (day === undefined) throw wrong('is neither a day such as 2026-03-01 nor an instant such as 2026-03-01T12:00:00Z');
  if (text.length > day.length && offset === undefined)
    throw wrong('does not say in which time zone it is: end it with Z for UTC, or with an offset such as +08:00');
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Date.parse counts on from the end of a month.
  if (midnight !== midnight || dayOf(toInstant(midnight)) !== day) throw wrong('names a day that there is not');
  const zone = (offset ?? 'Z').toUpperCase().replace(' ', '+');
  const epochMs = Date.parse(`${day}T${minutes}${seconds}${zone}`);
  if (epochMs !== epochMs) throw wrong('names a time of day that there is not');
  if (!/^\d{4}-/.test(toInstant(epochMs))) throw wrong('is outside the years 0000 to 9999');
  return epochMs;
}

/** A duration in whole seconds, rounded up, as `Retry-After` has it (RFC 9110, section 10.2.3). */
export const wholeSeconds = (ms: number): number => Math.ceil(ms / 1_000);

/** An instant in seconds since the Unix epoch, as OpenAI and Stripe have it. */
export const unixSeconds = (epochMs: number): number => Math.floor(epochMs / 1_000);

/** A UTC day, which has no leap seconds here (POSIX time). */
export const DAY_MS = 86_400_000;

/** The UTC day of an instant as events carry it, such as `2026-03-01`. */
export const dayOf = (instant: string): string => instant.slice(0, 'yyyy-mm-dd'.length);

/** The UTC calendar month of an instant as events carry it, such as `2026-03`. */
export const monthOf = (instant: string): string => instant.slice(0, 'yyyy-mm'.length);
