import type { Logger } from 'pino';
import { EventStoreUnavailable, ReadModelsUnavailable, ViewBehind } from '../event-store/index.js';
import { Refused, Seldom } from '../kernel/index.js';
import { DocumentsUnavailable } from './documents/index.js';

/** What else a line says. */
type OutageFields = Readonly<Record<string, unknown>> & { readonly msg: string };

/** How often the log repeats that something still fails. */
const REPEAT_EVERY_MS = 10 * 60_000;

/**
 * Something that may fail for a while, in one part or in several at once. The log says so when the first part fails, repeats it every
 * ten minutes, and says when all parts work again.
 */
export class Outage {
  readonly #failing = new Set<string>();
  readonly #repeat = new Seldom(REPEAT_EVERY_MS);

  constructor(
    private readonly logger: Pick<Logger, 'error' | 'warn' | 'info'>,
    private readonly settings: {
      /** The kind of outage, by which `OutageLines` groups lines. */
      readonly kind: string;
      readonly level: 'error' | 'warn';
      /** What the log says when all parts work again. */
      readonly overMsg: string;
    },
  ) {}

  failed(part: string, error: unknown, fields: OutageFields): void {
    if (this.#failing.size === 0) this.#repeat.reset();
    this.#failing.add(part);
    if (!this.#repeat.isDue()) return;
    const reason = outageReason(error);
    const why = reason === undefined ? { err: error } : { outage: this.settings.kind, reason };
    this.logger[this.settings.level]({ ...why, ...fields });
  }

  works(part: string): void {
    if (this.#failing.delete(part) && this.#failing.size === 0) this.logger.info({ msg: this.settings.overMsg });
  }

  /** Nobody tries this part here any more, so its end is not worth a line. */
  forget(part: string): void {
    this.#failing.delete(part);
  }
}

/** Why something that is down can't be used now; undefined when the error is a fault of ours, whose stack matters. */
function outageReason(error: unknown): string | undefined {
  if (error instanceof Refused) {
    if (error.rejection.kind !== 'unavailable') return undefined;
    return 'detail' in error ? String(error.detail) : error.message; // of a payment provider
  }
  const isDown = [EventStoreUnavailable, ReadModelsUnavailable, DocumentsUnavailable, ViewBehind].some(
    (kind) => error instanceof kind,
  );
  return isDown ? (error as Error).message : undefined;
}
