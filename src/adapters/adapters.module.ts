// The one place where configuration chooses who stands behind which port.
import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger as PinoLogger } from 'pino';
import { CONFIG, type Config, ConfigurationError, isEmbedded, peopleUrl } from '../platform/config.js';
import { DocumentStore } from '../platform/documents/index.js';
import { EventStore, ReadModelStore } from '../event-store/index.js';
import { Clock, SystemClock } from '../kernel/index.js';
import { LOGGER, Metrics, PlatformModule } from '../platform/index.js';
import { NoServerClock, ServerClock } from '../ledger/index.js';
import { Catalogue } from '../pricing/index.js';
import { RateLimitStore } from '../platform/http/index.js';
import { Google } from '../identity/index.js';
import { type Channel, Channels, SANDBOX_HEADER, Upstream } from '../proxy/index.js';
import type { SandboxProvider } from '../../sandbox/provider/index.js';
import { configuredChannels } from './channel-config.js';
import { loadSandbox } from './load-sandbox.js';
import { configuredCatalogue } from './model-config.js';
import { OpenIdGoogle } from './google/openid-google.js';
import { MemoryRateLimitStore } from './memory/memory-rate-limit-store.js';
import type { CircuitSettings } from './mongodb/circuit.js';
import { MongoConnection } from './mongodb/mongodb-connection.js';
import { MongoDocumentStore } from './mongodb/mongodb-document-store.js';
import { MongoRateLimitStore } from './mongodb/mongodb-rate-limit-store.js';
import { MongoReadModelStore } from './mongodb/mongodb-read-model-store.js';
import { MongoServerClock } from './mongodb/mongodb-server-clock.js';
import { prepareGateway, troubleOf } from './prepare-servers.js';
import { HttpUpstream } from './providers/http-upstream.js';
import { acquireGatewayLock, type GatewayLock } from './sqlite/gateway-lock.js';
import { openEventStoreDb } from './store-check.js';
import { SqliteDocumentStore } from './sqlite/sqlite-document-store.js';
import { SqliteEventStore } from './sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from './sqlite/sqlite-read-model-store.js';

export { configuredCatalogue } from './model-config.js';
export { prepareServers } from './prepare-servers.js';
export {
  faultBehind,
  grantEventStoreUser,
  ledgerFault,
  mongoDbFaults,
  refuseFault,
  sentenceOf,
  storeFault,
  type StoreFault,
} from './store-check.js';
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
export const openEventStore = (
  url: string,
  onTrouble: (error: unknown) => void,
  variable = 'EVENT_STORE_URL',
): Promise<EventStore> =>
  isEmbedded({ EVENT_STORE_URL: url })
    ? usable(() => SqliteEventStore.open(pathOf(url)))
    : openEventStoreDb(variable, url, onTrouble);

/** Makes this process the only one that may run on the ledger, if that is a file; the file exists. @throws ConfigurationError */
export const lockLedger = (url: string): Promise<GatewayLock | undefined> =>
  usable(() => (isEmbedded({ EVENT_STORE_URL: url }) ? acquireGatewayLock(pathOf(url)) : undefined));

/** The one connection of all that is in MongoDB; undefined where that is in files or in memory. */
const MONGODB = Symbol('MongoDB');
type Mongo = MongoConnection | undefined;

const openMongo = ({ READ_MODEL_URL: url }: Config): Mongo =>
  url.startsWith('sqlite:') ? undefined : new MongoConnection(url);

async function openReadModels({ READ_MODEL_URL: url }: Config, mongo: Mongo): Promise<ReadModelStore> {
  if (mongo === undefined) return SqliteReadModelStore.open(pathOf(url));
  return new MongoReadModelStore(mongo, tellTrouble('read models', 'accounts are read', 'without snapshots'));
}

/** How it is logged that what is done with MongoDB is done otherwise, in part or for a while. */
function tellTrouble(part: string, what: string, otherwise: string): Pick<CircuitSettings, 'onChange' | 'onLate'> {
  const log = new Logger(part);
  return {
    onChange: (reason) =>
      log.warn({
        outage: reason === undefined ? `${part} again` : part,
        msg: reason === undefined ? `${what} as always again` : `${what} ${otherwise}: ${String(reason)}`,
      }),
    onLate: (late, of, reason) =>
      log.warn({
        outage: `${part} late`,
        msg: `MongoDB is late for some: ${late} of the last ${of} times, ${what} ${otherwise}: ${String(reason)}`,
      }),
  };
}

/** By the connection of the read models where they are in the same database. */
function openDocuments(config: Config, mongo: Mongo): Promise<DocumentStore> | DocumentStore {
  const url = peopleUrl(config);
  if (url.startsWith('sqlite:')) return SqliteDocumentStore.open(pathOf(url));
  const log = new Logger('people');
  const onTrouble = (error: unknown): void => log.error({ outage: 'people', msg: troubleOf(error) });
  return mongo !== undefined && url === config.READ_MODEL_URL
    ? new MongoDocumentStore(mongo, { onTrouble })
    : MongoDocumentStore.open(url, { onTrouble });
}

function openRateLimits({ RATE_LIMIT_TIMEOUT_MS: timeoutMs }: Config, mongo: Mongo): RateLimitStore {
  if (mongo === undefined) return new MemoryRateLimitStore();
  const told = tellTrouble('rate limits', 'calls are counted', 'by this gateway alone');
  return new MongoRateLimitStore(mongo, { timeoutMs, ...told });
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
        useFactory: () =>
          openEventStore(config.EVENT_STORE_URL, (error) => log.warn({ outage: 'event store', msg: String(error) })),
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
      {
        provide: ServerClock,
        useFactory: (mongo: Mongo) => (mongo === undefined ? new NoServerClock() : new MongoServerClock(mongo)),
        inject: [MONGODB],
      },
      { provide: RateLimitStore, useFactory: (mongo: Mongo) => openRateLimits(config, mongo), inject: [MONGODB] },
    ];
    const exports = [CONFIG, Clock, Catalogue, EventStore, ReadModelStore, DocumentStore, RateLimitStore, ServerClock];
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
  imports: [PlatformModule],
  providers: [
    {
      provide: GATEWAY_LOCK,
      // The store is asked for so that its file exists.
      useFactory: ({ EVENT_STORE_URL }: Config, _store: EventStore) => lockLedger(EVENT_STORE_URL),
      inject: [CONFIG, EventStore],
    },
    {
      provide: PREPARED,
      useFactory: prepareGateway,
      inject: [ReadModelStore, RateLimitStore, DocumentStore, Metrics],
    },
    { provide: SANDBOX, useFactory: startSandbox, inject: [CONFIG, LOGGER, Catalogue, GATEWAY_LOCK] },
    {
      provide: Channels,
      useFactory: (config: Config, catalogue: Catalogue, sandbox: SandboxProvider | undefined) =>
        new Channels(
          sandbox === undefined ? configuredChannels(config, catalogue) : sandboxChannels(sandbox, catalogue),
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
  if (configuredChannels(config, catalogue).length > 0) return undefined;
  const { startSandboxProvider } = await loadSandbox(() => import('../../sandbox/provider/index.js'));
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
