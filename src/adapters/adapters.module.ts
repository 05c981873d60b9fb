// The one place where configuration chooses who stands behind which port.
import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger as PinoLogger } from 'pino';
import { CONFIG, type Config, ConfigurationError, isEmbedded, peopleUrl } from '../config.js';
import { DocumentStore } from '../documents/index.js';
import { EventStore, ReadModelStore, ReadModelsUnavailable } from '../event-store/index.js';
import { Clock, SystemClock } from '../kernel/index.js';
import { accountSnapshots } from '../ledger/index.js';
import { LOGGER, OperationsModule, PROJECTIONS } from '../operations/index.js';
import { Catalogue } from '../pricing/index.js';
import { RateLimitStore } from '../http/index.js';
import { Google } from '../identity/index.js';
import { type Channel, Channels, SANDBOX_HEADER, Upstream } from '../proxy/index.js';
import { type SandboxProvider, startSandboxProvider } from '../sandbox/provider/index.js';
import { configuredChannels } from './channel-config.js';
import { configuredCatalogue } from './model-config.js';
import { EventStoreDbEventStore } from './eventstoredb/eventstoredb-event-store.js';
import { OpenIdGoogle } from './google/openid-google.js';
import { MemoryRateLimitStore } from './memory/memory-rate-limit-store.js';
import { MongoConnection } from './mongodb/mongodb-connection.js';
import { MongoDocumentStore } from './mongodb/mongodb-document-store.js';
import { MongoRateLimitStore } from './mongodb/mongodb-rate-limit-store.js';
import { MongoReadModelStore } from './mongodb/mongodb-read-model-store.js';
import { HttpUpstream } from './providers/http-upstream.js';
import { acquireGatewayLock, type GatewayLock } from './sqlite/gateway-lock.js';
import { SqliteDocumentStore } from './sqlite/sqlite-document-store.js';
import { SqliteEventStore } from './sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from './sqlite/sqlite-read-model-store.js';

export { configuredCatalogue } from './model-config.js';
export { StripeModule } from './stripe/stripe.module.js';

const pathOf = (url: string): string => url.slice('sqlite:'.length);

/** What keeps a file from being opened is for the person at the terminal to mend. @throws ConfigurationError */
async function usable<T>(open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/**
 * Opens the event store that a URL names, creating it where it is a file that is not there. `onTrouble` is told of what it mends by itself.
 * @throws ConfigurationError
 */
export const openEventStore = (url: string, onTrouble: (error: unknown) => void): Promise<EventStore> =>
  usable<EventStore>(() =>
    isEmbedded({ EVENT_STORE_URL: url })
      ? SqliteEventStore.open(pathOf(url))
      : EventStoreDbEventStore.open(url, { onTrouble }),
  );

/** Makes this process the only one that may run on the ledger, if that is a file; the file exists. @throws ConfigurationError */
export const lockLedger = (url: string): Promise<GatewayLock | undefined> =>
  usable(() => (isEmbedded({ EVENT_STORE_URL: url }) ? acquireGatewayLock(pathOf(url)) : undefined));

/** The one connection of all that is in MongoDB; undefined where that is in files or in memory. */
const MONGODB = Symbol('MongoDB');
type Mongo = MongoConnection | undefined;

const openMongo = ({ READ_MODEL_URL: url }: Config): Mongo =>
  url.startsWith('sqlite:') ? undefined : new MongoConnection(url);

async function openReadModels({ READ_MODEL_URL: url }: Config, mongo: Mongo): Promise<ReadModelStore> {
  return mongo === undefined ? SqliteReadModelStore.open(pathOf(url)) : new MongoReadModelStore(mongo);
}

/** By the connection of the read models where they are in the same database. */
function openDocuments(config: Config, mongo: Mongo): Promise<DocumentStore> | DocumentStore {
  const url = peopleUrl(config);
  if (url.startsWith('sqlite:')) return SqliteDocumentStore.open(pathOf(url));
  return mongo !== undefined && url === config.READ_MODEL_URL
    ? new MongoDocumentStore(mongo)
    : MongoDocumentStore.open(url);
}

function openRateLimits({ RATE_LIMIT_TIMEOUT_MS: timeoutMs }: Config, mongo: Mongo): RateLimitStore {
  if (mongo === undefined) return new MemoryRateLimitStore();
  const log = new Logger('rate limits');
  const onChange = (reason?: unknown): void =>
    reason === undefined
      ? log.warn('calls are counted together with the other gateways again')
      : log.warn(`calls are counted by this gateway alone: ${String(reason)}`);
  return new MongoRateLimitStore(mongo, { timeoutMs, onChange });
}

/**
 * The migration step of servers: makes the collections and indexes that are missing, and returns those, as `collection.index`. Any number
 * of processes may do it at the same time. Files come with their tables.
 * @throws ReadModelsUnavailable, or ConfigurationError for what a person must mend, such as an index that is in the way.
 */
export async function prepareServers(readModels: ReadModelStore, limits: RateLimitStore): Promise<string[]> {
  const views = [...PROJECTIONS.map(({ view }) => view), accountSnapshots.view];
  try {
    const made = readModels instanceof MongoReadModelStore ? await readModels.ensureViews(views) : [];
    return limits instanceof MongoRateLimitStore ? [...made, ...(await limits.ensureIndexes())] : made;
  } catch (error) {
    if (error instanceof ReadModelsUnavailable) throw error;
    throw new ConfigurationError(`READ_MODEL_URL: ${(error as Error).message}`, { cause: error });
  }
}

/** A gateway starts without its read models, too: then what is missing is made when it is first needed. */
async function prepareIfThere(readModels: ReadModelStore, limits: RateLimitStore): Promise<void> {
  try {
    await prepareServers(readModels, limits);
  } catch (error) {
    if (!(error instanceof ReadModelsUnavailable)) throw error;
    new Logger('read models').warn(`${error.message}; calls go on without them`);
  }
}

/** The stores, the counts and the clock. */
@Global()
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly documents: DocumentStore,
  ) {}

  static with(config: Config): DynamicModule {
    const log = new Logger('event store');
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Clock, useClass: SystemClock },
      { provide: Catalogue, useFactory: () => configuredCatalogue(config) },
      {
        provide: EventStore,
        useFactory: () => openEventStore(config.EVENT_STORE_URL, (error) => log.warn(String(error))),
      },
      { provide: MONGODB, useFactory: () => usable(() => openMongo(config)) },
      {
        provide: ReadModelStore,
        useFactory: (mongo: Mongo) => usable(() => openReadModels(config, mongo)),
        inject: [MONGODB],
      },
      {
        provide: DocumentStore,
        useFactory: (mongo: Mongo) => usable(() => openDocuments(config, mongo)),
        inject: [MONGODB],
      },
      { provide: RateLimitStore, useFactory: (mongo: Mongo) => openRateLimits(config, mongo), inject: [MONGODB] },
    ];
    const exports = [CONFIG, Clock, Catalogue, EventStore, ReadModelStore, DocumentStore, RateLimitStore];
    return { module: StoresModule, providers, exports };
  }

  /** After the server and all workers have stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    await this.documents.close();
    await this.readModels.close();
  }
}

const GATEWAY_LOCK = Symbol('gateway lock');
const PREPARED = Symbol('prepared servers');
const SANDBOX = Symbol('sandbox provider');

/** What only a gateway needs: the lock on its file, if its ledger is one, and the way to the providers. */
@Global()
@Module({
  imports: [OperationsModule],
  providers: [
    {
      provide: GATEWAY_LOCK,
      // The store is asked for so that its file exists.
      useFactory: ({ EVENT_STORE_URL }: Config, _store: EventStore) => lockLedger(EVENT_STORE_URL),
      inject: [CONFIG, EventStore],
    },
    { provide: PREPARED, useFactory: prepareIfThere, inject: [ReadModelStore, RateLimitStore] },
    { provide: SANDBOX, useFactory: startSandbox, inject: [CONFIG, LOGGER, Catalogue, GATEWAY_LOCK] },
    {
      provide: Channels,
      useFactory: (config: Config, catalogue: Catalogue, sandbox: SandboxProvider | undefined) =>
        new Channels(
          sandbox === undefined
            ? configuredChannels(config, catalogue, process.env)
            : sandboxChannels(sandbox, catalogue),
          catalogue,
        ),
      inject: [CONFIG, Catalogue, SANDBOX],
    },
    { provide: HttpUpstream, useFactory: (config: Config) => new HttpUpstream(config), inject: [CONFIG] },
    { provide: Upstream, useExisting: HttpUpstream },
    { provide: Google, useFactory: configuredGoogle, inject: [CONFIG] },
  ],
  exports: [Channels, Upstream, Google],
})
export class ProvidersModule implements OnApplicationShutdown {
  constructor(
    @Inject(GATEWAY_LOCK) private readonly lock: GatewayLock | undefined,
    @Inject(SANDBOX) private readonly sandbox: SandboxProvider | undefined,
    private readonly upstream: HttpUpstream,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.upstream.close();
    await this.sandbox?.close();
    this.lock?.release();
  }
}

/** Undefined where nobody logs in with Google. */
function configuredGoogle({ GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_ISSUER }: Config): Google | undefined {
  if (GOOGLE_CLIENT_ID === undefined && GOOGLE_CLIENT_SECRET === undefined) return undefined;
  if (GOOGLE_CLIENT_ID === undefined || GOOGLE_CLIENT_SECRET === undefined) {
    throw new ConfigurationError('Logging in with Google needs both GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.');
  }
  return new OpenIdGoogle({ clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET, issuer: GOOGLE_ISSUER });
}

async function startSandbox(
  config: Config,
  logger: PinoLogger,
  catalogue: Catalogue,
): Promise<SandboxProvider | undefined> {
  if (configuredChannels(config, catalogue, process.env).length > 0) return undefined;
  const sandbox = await startSandboxProvider({});
  logger.warn({
    url: sandbox.url,
    msg: 'no model provider is configured: a SANDBOX answers every model with made-up text',
  });
  return sandbox;
}

/** The sandbox answers for each maker in that maker's own format, so that the way to it is the real one. */
const sandboxChannels = ({ url }: SandboxProvider, { models }: Catalogue): Channel[] => {
  const makers = new Set(models.map(({ maker }) => maker));
  const sandbox = {
    apiKey: 'sandbox',
    models: {},
    order: 0,
    weight: 1,
    servesRetired: true,
    responseHeaders: { [SANDBOX_HEADER]: '1' },
  };
  return [
    {
      ...sandbox,
      name: 'sandbox',
      baseUrl: `${url}/v1`,
      format: 'openai',
      responses: models.flatMap(({ maker, id }) => (maker === 'openai' ? [id] : [])),
      makers: [...makers].filter((maker) => maker !== 'anthropic' && maker !== 'google'),
    },
    {
      ...sandbox,
      name: 'sandbox-anthropic',
      baseUrl: `${url}/anthropic/v1`,
      format: 'anthropic',
      makers: ['anthropic'],
    },
    { ...sandbox, name: 'sandbox-gemini', baseUrl: `${url}/gemini/v1beta`, format: 'gemini', makers: ['google'] },
  ];
};
