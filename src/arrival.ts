// How a gateway comes to listen: at once where its servers are there, else when they have come.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { faultBehind, ledgerFault, mongoDbFaults, refuseFault, sentenceOf, type StoreFault } from './adapters/index.js';
import type { Config } from './platform/config.js';
import { EventStoreUnavailable } from './event-store/index.js';
import { createGateway } from './gateway.js';
import { pause } from './kernel/index.js';
import { WaitingServer } from './waiting-server.js';

const LOOK_EVERY_MS = 1_000;
/** How often the log repeats what is waited for. */
const TELL_EVERY_MS = 60_000;
/** A server that has just started may not know its users yet: what a person must mend is found so often, one after another. */
const LOOKS_TO_BE_SURE = 3;
const GIVES_UP_WITHIN_MS = 10_000;

/**
 * A gateway that listens. Without its ledger it waits, and answers so; without MongoDB it goes on, as its calls need none.
 * @throws ConfigurationError for what nobody but a person can mend: a password, a right, a certificate.
 */
export async function arrive(config: Config, logger: Logger, signal: AbortSignal): Promise<NestFastifyApplication> {
  const wait = new Wait(config, logger);
  const faults = await soundMongoDb(config);
  tellOfMongoDb(config, logger, faults, signal).catch((err: unknown) => logger.error({ err }));
  for (;;) {
    signal.throwIfAborted();
    const fault = await ledgerFault(config);
    const app = fault === undefined ? await ready(config) : fault;
    if (!('variable' in app)) {
      await app.listen(await wait.over(), config.HOST);
      return app;
    }
    await wait.for(app);
    await pause(LOOK_EVERY_MS, signal);
  }
}

/** A gateway that needs only to listen, or what has gone away meanwhile. */
async function ready(config: Config): Promise<NestFastifyApplication | StoreFault> {
  const app = await createGateway(config);
  try {
    await app.init();
    return app;
  } catch (error) {
    if (!(error instanceof EventStoreUnavailable)) throw error;
    await Promise.race([app.close().catch(() => undefined), pause(GIVES_UP_WITHIN_MS)]);
    return faultBehind(config, error);
  }
}

class Wait {
  #server: WaitingServer | undefined;
  #told: { readonly what: string; readonly at: number } | undefined;
  #unmendable = 0;

  constructor(
    private readonly config: Config,
    private readonly logger: Logger,
  ) {}

  async for(fault: StoreFault): Promise<void> {
    this.#unmendable = fault.passes ? 0 : this.#unmendable + 1;
    if (this.#unmendable >= LOOKS_TO_BE_SURE) refuseFault(fault);
    this.#server ??= await WaitingServer.listen(this.config);
    this.#server.reason = sentenceOf(fault);
    if (fault.passes) this.#tell(fault);
  }

  /** Leaves the port to the gateway, and returns it. */
  async over(): Promise<number> {
    const port = this.#server?.port ?? this.config.PORT;
    await this.#server?.close();
    if (this.#told !== undefined) this.logger.info({ msg: 'the ledger is there: the gateway goes on' });
    return port;
  }

  #tell(fault: StoreFault): void {
    const now = performance.now();
    if (this.#told?.what === fault.cause && now - this.#told.at < TELL_EVERY_MS) return;
    this.#told = { what: fault.cause, at: now };
    this.logger.warn({
      variable: fault.variable,
      msg: `${sentenceOf(fault)} The gateway waits for it, and goes on by itself.`,
    });
  }
}

/** What of MongoDB may come by itself. @throws ConfigurationError for what can't. */
async function soundMongoDb(config: Config): Promise<readonly StoreFault[]> {
  const faults = await mongoDbFaults(config);
  const unmendable = faults.find(({ passes }) => !passes);
  if (unmendable !== undefined) refuseFault(unmendable);
  return faults;
}

async function tellOfMongoDb(
  config: Config,
  logger: Logger,
  first: readonly StoreFault[],
  signal: AbortSignal,
): Promise<void> {
  if (first.length === 0) return;
  for (let faults = first; faults.length > 0 && !signal.aborted; faults = await mongoDbFaults(config)) {
    for (const fault of faults) {
      const msg = `${sentenceOf(fault)} Calls go on without it; pages, logins and lists wait for it.`;
      logger.warn({ variable: fault.variable, msg });
    }
    await pause(TELL_EVERY_MS, signal, { ref: false });
  }
  if (!signal.aborted) logger.info({ msg: 'MongoDB is there' });
}
