// Starts a gateway: at once where its servers answer, otherwise once they do.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { faultBehind, ledgerFault, mongoDbFaults, refuseFault, sentenceOf, type StoreFault } from './adapters/index.js';
import { EventStoreUnavailable } from './event-store/index.js';
import { createGateway } from './gateway.js';
import { pause, Seldom } from './kernel/index.js';
import { type Config, ConfigurationError } from './platform/config.js';
import { WaitingServer } from './waiting-server.js';

const RETRY_EVERY_MS = 1_000;
/** How often the log repeats what the gateway waits for. */
const REPEAT_EVERY_MS = 60_000;
/**
 * How many times in a row a fault that only a person can mend is found before the start fails. A server that has just started may not
 * know its users yet.
 */
const TRIES_TO_BE_SURE = 3;
/** How long a gateway that could not be initialised may take to close. */
const CLOSE_WITHIN_MS = 10_000;

/**
 * Starts a gateway and resolves when it listens. Without its ledger it waits, and answers that it does (`WaitingServer`). Without MongoDB
 * it starts, as calls to models need none.
 * @throws ConfigurationError for a fault that only a person can mend, such as a wrong password, a missing right or a bad certificate.
 */
export async function startGateway(
  config: Config,
  logger: Logger,
  signal: AbortSignal,
): Promise<NestFastifyApplication> {
  const wait = new LedgerWait(config, logger);
  const faults = await mendableMongoDbFaults(config);
  reportMongoDb(config, logger, faults, signal).catch((err: unknown) => logger.error({ err }));
  for (;;) {
    signal.throwIfAborted();
    const fault = await ledgerFault(config);
    const result = fault ?? (await initialised(config));
    if (!('variable' in result)) {
      const port = await wait.end();
      await result.listen(port, config.HOST).catch((error: unknown) => refuseAddress(config, error));
      return result;
    }
    await wait.continue(result);
    await pause(RETRY_EVERY_MS, signal);
  }
}

/** A gateway that only needs to listen; the fault, if its ledger has gone away in the meantime. */
async function initialised(config: Config): Promise<NestFastifyApplication | StoreFault> {
  const app = await createGateway(config);
  try {
    await app.init();
    return app;
  } catch (error) {
    if (!(error instanceof EventStoreUnavailable)) throw error;
    await Promise.race([app.close().catch(() => undefined), pause(CLOSE_WITHIN_MS)]);
    return faultBehind(config, error);
  }
}

const BAD_PORT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there: end it, or choose another port.',
  EACCES: 'Only a privileged user may listen there: choose a port from 1024 on.',
};
const BAD_HOST = 'This machine has no such address: name one of its own, or 0.0.0.0 for all.';

/** @throws ConfigurationError that names the variable by which the gateway can’t listen; the error itself, if there is none. */
function refuseAddress({ PORT, HOST }: Config, error: unknown): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const remedy = BAD_PORT[code];
  if (remedy !== undefined) throw new ConfigurationError(`PORT=${PORT} can’t be used: ${message}. ${remedy}`);
  if (!['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL'].includes(code)) throw error;
  throw new ConfigurationError(`HOST=${HOST} can’t be used: ${message}. ${BAD_HOST}`);
}

/** The time until the ledger can be reached: answers requests, and logs why the gateway waits. */
class LedgerWait {
  readonly #repeat = new Seldom(REPEAT_EVERY_MS);
  #server: WaitingServer | undefined;
  /** The cause that was logged last. */
  #logged: string | undefined;
  #unmendable = 0;

  constructor(
    private readonly config: Config,
    private readonly logger: Logger,
  ) {}

  /** @throws ConfigurationError for a fault that waiting does not mend */
  async continue(fault: StoreFault): Promise<void> {
    this.#unmendable = fault.passes ? 0 : this.#unmendable + 1;
    if (this.#unmendable >= TRIES_TO_BE_SURE) refuseFault(fault);
    this.#server ??= await WaitingServer.listen(this.config).catch((error: unknown) =>
      refuseAddress(this.config, error),
    );
    this.#server.reason = sentenceOf(fault);
    if (fault.passes) this.#log(fault);
  }

  /** Frees the port for the gateway, and returns it. */
  async end(): Promise<number> {
    const port = this.#server?.port ?? this.config.PORT;
    await this.#server?.close();
    if (this.#logged !== undefined) this.logger.info({ msg: 'the ledger is there: the gateway starts' });
    return port;
  }

  #log(fault: StoreFault): void {
    if (this.#logged !== fault.cause) this.#repeat.reset();
    if (!this.#repeat.isDue()) return;
    this.#logged = fault.cause;
    this.logger.warn({
      variable: fault.variable,
      msg: `${sentenceOf(fault)} The gateway waits for it, and then starts by itself.`,
    });
  }
}

/** What is wrong with MongoDB and may pass by itself. @throws ConfigurationError for what may not */
async function mendableMongoDbFaults(config: Config): Promise<readonly StoreFault[]> {
  const faults = await mongoDbFaults(config);
  const unmendable = faults.find(({ passes }) => !passes);
  if (unmendable !== undefined) refuseFault(unmendable);
  return faults;
}

/** Logs that MongoDB is missing, every minute until it is there. */
async function reportMongoDb(
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
    await pause(REPEAT_EVERY_MS, signal, { ref: false });
  }
  if (!signal.aborted) logger.info({ msg: 'MongoDB can be reached' });
}
