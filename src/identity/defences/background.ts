import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../platform/index.js';

/**
 * Work that goes on after a request was answered. Neither the answer nor its time then reveals whether an address is known or an email was
 * sent. The log names only the kind of a failure, because messages of mail servers contain the address.
 */
@Injectable()
export class Background implements BeforeApplicationShutdown {
  readonly #underWay = new Set<Promise<void>>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** @param what names the work in the log, if it fails */
  run(what: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.logger.error({ kind: nameOf(error), msg: `${what} failed` }))
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Before the stores close. */
  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
