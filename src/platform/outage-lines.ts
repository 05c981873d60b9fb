import type { LogFn } from 'pino';

/** The fields of a log line, as pino takes them. */
export interface OutageFields extends Readonly<Record<string, unknown>> {
  /** The kind of outage: lines of one kind are grouped. */
  readonly outage: string;
  /** What must be logged of each line; grouped lines carry all of their items. */
  readonly item?: object;
}

interface Waiting {
  readonly write: (fields: object) => void;
  readonly fields: OutageFields;
  readonly items: object[];
  times: number;
}

/** Between two lines of any kind: fewer than ten lines in ten seconds. */
const LINE_EVERY_MS = 1_200;
/** Between two lines of one kind without items. Items are written sooner, as they would be lost with the process. */
const KIND_EVERY_MS = 5_000;
const MOST_ITEMS_A_LINE = 200;

/**
 * Groups the lines of an outage, of every refused call and every waiting worker. The first line of a kind is written at once; later ones
 * become one line, with their number (`times`).
 */
export class OutageLines {
  readonly #waiting = new Map<string, Waiting>();
  readonly #writtenAt = new Map<string, number>();
  #lastAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  add(fields: OutageFields, write: (fields: object) => void): void {
    const waiting = this.#waiting.get(fields.outage) ?? { write, fields, items: [], times: 0 };
    this.#waiting.set(fields.outage, waiting);
    waiting.times++;
    if (fields.item !== undefined) waiting.items.push(fields.item);
    this.#go();
  }

  /** Writes the line that is due, or waits until one is. */
  #go(): void {
    if (this.#timer !== undefined) return;
    const [kind, dueAt] = this.#next() ?? [];
    if (kind === undefined || dueAt === undefined) return;
    const leftMs = dueAt - performance.now();
    if (leftMs <= 0) return this.#write(kind);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#go();
    }, leftMs);
    this.#timer.unref();
  }

  /** The kind that is due first, and when it is. */
  #next(): [kind: string, dueAt: number] | undefined {
    let first: [string, number] | undefined;
    for (const [kind, { items }] of this.#waiting) {
      const everyMs = items.length > 0 ? LINE_EVERY_MS : KIND_EVERY_MS;
      const writtenAt = this.#writtenAt.get(kind) ?? Number.NEGATIVE_INFINITY;
      const dueAt = Math.max(writtenAt + everyMs, this.#lastAt + LINE_EVERY_MS);
      if (first === undefined || dueAt < first[1]) first = [kind, dueAt];
    }
    return first;
  }

  #write(kind: string): void {
    const waiting = this.#waiting.get(kind);
    if (waiting === undefined) return;
    this.#lastAt = performance.now();
    this.#writtenAt.set(kind, this.#lastAt);
    const { outage: _kind, item: _item, ...fields } = waiting.fields;
    const items = waiting.items.splice(0, MOST_ITEMS_A_LINE);
    waiting.write({
      ...fields,
      ...(items.length > 0 && { items }),
      ...(waiting.times > 1 && { times: waiting.times }),
    });
    waiting.times = waiting.items.length;
    if (waiting.times === 0) this.#waiting.delete(kind);
    this.#go();
  }
}

/** For pino's `hooks.logMethod`: lines with `outage` are grouped, all others are written as they are. */
export function throughOutages(lines: OutageLines) {
  return function logMethod(this: unknown, args: Parameters<LogFn>, method: LogFn): void {
    const [fields] = args as [unknown];
    if (isOutage(fields)) lines.add(fields, (told) => method.apply(this as never, [told] as never));
    else method.apply(this as never, args);
  };
}

const isOutage = (fields: unknown): fields is OutageFields =>
  typeof fields === 'object' && fields !== null && typeof (fields as { outage?: unknown }).outage === 'string';
