import type { Logger } from 'pino';

/** What the keepers of a gateway can't reach: an outage of a store is told once, not once a view, and so is its end. */
export class Troubles {
  /** What fails, of which view. */
  readonly #failing = new Map<string, Set<string>>();

  constructor(private readonly logger: Logger) {}

  fails(view: string, what: string, error: unknown, msg: string): void {
    if (this.#failing.size === 0)
      this.logger.warn({ outage: 'projections', reason: String(error), projection: view, msg });
    this.#failing.set(view, (this.#failing.get(view) ?? new Set()).add(what));
  }

  works(view: string, what: string): void {
    const failing = this.#failing.get(view);
    if (failing?.delete(what) !== true || failing.size > 0) return;
    this.#failing.delete(view);
    if (this.#failing.size === 0) this.logger.info({ msg: 'all projections go on' });
  }

  /** Nobody tries it any more here. */
  forget(view: string, what: string): void {
    const failing = this.#failing.get(view);
    if (failing?.delete(what) === true && failing.size === 0) this.#failing.delete(view);
  }
}
