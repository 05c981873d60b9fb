import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Refused } from '../../kernel/index.js';
import { Reratings } from '../../rerating/index.js';

/** Applies runs in this gateway, beside the request that asked for it. At shutdown it stops; whoever asks again makes it go on. */
@Injectable()
export class ReratingRunner implements OnApplicationShutdown {
  readonly #log = new Logger('rerating');
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(private readonly reratings: Reratings) {}

  /** Begins or goes on with the application of a run, unless it is under way here. Refused: `rerating_not_approved` and others of `Reratings.apply`. */
  async start(runId: string): Promise<void> {
    await this.reratings.requireApproved(runId);
    if (this.#running.has(runId)) return;
    const work = this.#apply(runId).finally(() => this.#running.delete(runId));
    this.#running.set(runId, work);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  async #apply(runId: string): Promise<void> {
    try {
      await this.reratings.apply(runId, { signal: this.#stopping.signal });
    } catch (error) {
      if (error instanceof Refused) this.#log.warn(`the re-rating run ${runId} ended early: ${error.message}`);
      else this.#log.error(`the re-rating run ${runId} ended early; apply it again: ${String(error)}`);
    }
  }
}
