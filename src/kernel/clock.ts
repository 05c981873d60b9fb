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

/** The seconds that were written last, by their remainder: most instants are of one that was written a moment ago. */
const SECONDS = Array.from({ length: 61 }, () => ({ second: Number.NaN, text: '' }));
const ENDS = Array.from({ length: 1_000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`);

/** An instant as events carry it: ISO 8601, UTC, milliseconds. @throws RangeError when it is none */
export function toInstant(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  const known = SECONDS[second % SECONDS.length];
  const end = ENDS[epochMs - second * 1_000];
  if (known === undefined || end === undefined) return new Date(epochMs).toISOString();
  if (known.second !== second) {
    known.text = new Date(second * 1_000).toISOString().slice(0, -'000Z'.length);
    known.second = second;
  }
  return known.text + end;
}

/**
 * Reads an instant of an event. For instants that people write, use `readInstant`.
 * @throws RangeError when it is invalid.
 */
export function fromInstant(instant: string): number {
  const epochMs = Date.parse(instant);
  if (epochMs !== epochMs) throw new RangeError(`"${instant}" is not an ISO 8601 instant`);
  return epochMs;
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?([Zz]|[-+ ]\d{2}:\d{2})?)?$/;

/**
 * Reads an instant as people and programs write it (RFC 3339, section 5.6, seconds optional); a day means its first
 * moment, UTC. The offset may start with a space, because an unescaped "+" in a query arrives as one.
 * @throws RangeError that says what is wrong with it
 */
export function readInstant(text: string): number {
  const [, day, minutes = '00:00', seconds = ':00', offset] = WRITTEN.exec(text) ?? [];
  const wrong = (what: string): RangeError => new RangeError(`"${text.slice(0, 60)}" ${what}`);
  if (day === undefined) throw wrong('is neither a day such as 2026-03-01 nor an instant such as 2026-03-01T12:00:00Z');
  if (text.length > day.length && offset === undefined)
    throw wrong('has no time zone: end it with Z for UTC, or with an offset such as +08:00');
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Date.parse rolls a day such as 30 February over into the next month.
  if (midnight !== midnight || dayOf(toInstant(midnight)) !== day) throw wrong('is not a day of the calendar');
  const zone = (offset ?? 'Z').toUpperCase().replace(' ', '+');
  const epochMs = Date.parse(`${day}T${minutes}${seconds}${zone}`);
  if (epochMs !== epochMs) throw wrong('is not a time of day');
  if (!/^\d{4}-/.test(toInstant(epochMs))) throw wrong('is outside the years 0000 to 9999');
  return epochMs;
}

/** A duration in whole seconds, rounded up, as in `Retry-After` (RFC 9110, section 10.2.3). */
export const wholeSeconds = (ms: number): number => Math.ceil(ms / 1_000);

/** An instant in seconds since the Unix epoch, as OpenAI and Stripe write it. */
export const unixSeconds = (epochMs: number): number => Math.floor(epochMs / 1_000);

/** A UTC day, which has no leap seconds here (POSIX time). */
export const DAY_MS = 86_400_000;

/** The first moment of an instant’s UTC day, in epoch milliseconds. */
export const startOfDay = (epochMs: number): number => epochMs - (epochMs % DAY_MS);

/** Whole days of a span of milliseconds, rounded down: one that is over has negative ones. */
export const wholeDays = (ms: number): number => Math.floor(ms / DAY_MS);

/** The UTC day of an instant as events carry it, such as `2026-03-01`. */
export const dayOf = (instant: string): string => instant.slice(0, 'yyyy-mm-dd'.length);

/** The UTC calendar month of an instant as events carry it, such as `2026-03`. */
export const monthOf = (instant: string): string => instant.slice(0, 'yyyy-mm'.length);
