import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../platform/index.js';

/**
 * Work that goes on after a request was answered, so that neither the answer nor its time tells what became of it: whether an address is
 * known, or a mail was sent. A failure is logged by its kind alone: messages of mail servers name the address.
 */
@Injectable()
export class Background implements BeforeApplicationShutdown {
  readonly #underWay = new Set<Promise<void>>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** `what` says in the log what failed. */
  run(what: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.logger.error({ kind: nameOf(error), msg: `${what} failed` }))
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Before the stores close. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
