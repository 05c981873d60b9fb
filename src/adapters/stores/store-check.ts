// Checks whether the servers that the configuration names can be used, and says what to do when they can't.
import { type Config, ConfigurationError, isEmbedded, peopleUrl } from '../../platform/config.js';
import type { EventStoreDbEventStore } from '../eventstoredb/eventstoredb-event-store.js';
import { eventStoreDbFault, eventStoreDbFile } from '../eventstoredb/eventstoredb-fault.js';
import { fileFault, type Finding, sentenceOf, type StoreFault } from '../faults/store-fault.js';

export { sentenceOf, type StoreFault } from '../faults/store-fault.js';

type Urls = Pick<Config, 'EVENT_STORE_URL' | 'READ_MODEL_URL' | 'PEOPLE_URL'>;

const openClient = async (...args: Parameters<typeof EventStoreDbEventStore.open>): Promise<EventStoreDbEventStore> =>
  (await import('../eventstoredb/eventstoredb-event-store.js')).EventStoreDbEventStore.open(...args);

/** Opens an EventStoreDB without connecting to it. @throws ConfigurationError for a connection string that can't be used */
export async function openEventStoreDb(
  variable: string,
  url: string,
  onTrouble: (error: unknown) => void,
): Promise<EventStoreDbEventStore> {
  try {
    return await openClient(url, { onTrouble });
  } catch (error) {
    const finding = eventStoreDbFile(url) ?? malformedString(error);
    throw new ConfigurationError(sentenceOf({ variable, ...finding }), { cause: error });
  }
}

/** Creates the user that gateways sign in as. @throws ConfigurationError when the signed-in user has no right to */
export async function grantEventStoreUser(url: string, login: string, password: string): Promise<readonly string[]> {
  const fault = await ledgerFault({ EVENT_STORE_URL: url });
  if (fault !== undefined) refuseFault(fault);
  try {
    const { grantUser } = await import('../eventstoredb/event-store-user.js');
    return await grantUser(url, login, password);
  } catch (error) {
    const cause = `the user of the connection string can't create users or grant them rights (${(error as Error).message})`;
    refuseFault({ variable: 'EVENT_STORE_URL', cause, remedy: 'Name an administrator.', passes: false });
  }
}

/** Why the ledger can't be read or appended to; undefined when it can, and always for a file. */
export async function ledgerFault({
  EVENT_STORE_URL: url,
}: Pick<Urls, 'EVENT_STORE_URL'>): Promise<StoreFault | undefined> {
  if (isEmbedded({ EVENT_STORE_URL: url })) return undefined;
  return found('EVENT_STORE_URL', async () => {
    const store = await openClient(url).catch((error: unknown) => malformed(error, eventStoreDbFile(url)));
    try {
      await store.probe(); // reads the log and appends an event that it has: a gateway needs the rights for both
      return undefined;
    } catch (error) {
      return await eventStoreDbFault(url, error);
    } finally {
      await store.close();
    }
  });
}

/** Why read models or people can't be used where they are in MongoDB. */
export async function mongoDbFaults(config: Urls): Promise<StoreFault[]> {
  const urls = [
    ['READ_MODEL_URL', config.READ_MODEL_URL],
    ['PEOPLE_URL', peopleUrl(config)],
  ] as const;
  const servers = urls.filter(
    ([, url], index) => !url.startsWith('sqlite:') && urls.findIndex((each) => each[1] === url) === index,
  );
  const faults = await Promise.all(servers.map(([variable, url]) => found(variable, () => tryMongoDb(url))));
  return faults.filter((fault) => fault !== undefined);
}

/** The fault behind an error of a ledger on a server. */
export const faultBehind = async ({ EVENT_STORE_URL: url }: Urls, error: unknown): Promise<StoreFault> => ({
  variable: 'EVENT_STORE_URL',
  ...(await eventStoreDbFault(url, error)),
});

/** The first store that can't be used, and why; undefined when all can. */
export async function storeFault(config: Urls): Promise<StoreFault | undefined> {
  return (await ledgerFault(config)) ?? (await mongoDbFaults(config))[0];
}

/** Reads a collection that does not exist, which fails without the right to read. */
async function tryMongoDb(url: string): Promise<Finding | undefined> {
  const { MongoConnection, mongoDbFault } = await import('../mongodb/index.js');
  const mongo = await Promise.resolve()
    .then(() => new MongoConnection(url))
    .catch((error: unknown) => malformed(error));
  try {
    await mongo.run((connection) => connection.collection('tokenhub-check').findOne({}));
    return undefined;
  } catch (error) {
    return await mongoDbFault(url, error);
  } finally {
    await mongo.close();
  }
}

async function found(variable: string, look: () => Promise<Finding | undefined>): Promise<StoreFault | undefined> {
  const finding = await look().catch((error: unknown) => {
    if (error instanceof Malformed) return error.finding;
    throw error;
  });
  return finding && { variable, ...finding };
}

/** A connection string that the client refuses. */
class Malformed extends Error {
  constructor(readonly finding: Finding) {
    super(finding.cause);
  }
}

const malformedString = (error: unknown): Finding => ({
  cause: (error as Error).message.replace(/\.$/, ''),
  remedy: 'Correct the connection string (docs/operating.md, "Servers instead of files").',
  passes: false,
});

function malformed(error: unknown, known = fileFault(error)): never {
  throw new Malformed(known ?? malformedString(error));
}

/** For a fault that only a person can mend. @throws ConfigurationError */
export function refuseFault(fault: StoreFault): never {
  throw new ConfigurationError(sentenceOf(fault));
}
