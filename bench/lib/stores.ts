// Where the ledger of a run lies: in files of its own, or on the servers that options or the environment name.
import { join } from 'node:path';
import type { EventStore, ReadModelStore } from '../../src/event-store/index.js';
import { build as underTest, eventStore } from './built.ts';
import { eventStoreServer as named, readModelServer as namedForReadModels } from './options.ts';
import { StandIn, startReadModelStandIn } from './stand-in.ts';

/** The stand-in, where the run is on it. */
export const standIn = named === 'stand-in' ? await StandIn.start() : undefined;
const eventStoreServer = standIn?.url ?? named;
const readModelServer = namedForReadModels === 'stand-in' ? await startReadModelStandIn() : namedForReadModels;
const PAGE = 4_000;

/** Whether events go to a file: then the disk of this machine is what they wait for. */
export const eventsInFile = eventStoreServer === undefined;
export const readModelsInFile = readModelServer === undefined;

/** Whether a server that was named runs on this machine, where what it uses can't be told from what others do. */
export const serversHere = [named, namedForReadModels].some((url) =>
  /\/\/(?:[^@/]*@)?(?:localhost|127\.|\[::1\])/.test(url ?? ''),
);

export const openEventStore = (folder: string, name = 'events', build = underTest): Promise<EventStore> =>
  eventStoreServer === undefined
    ? build.SqliteEventStore.open(join(folder, `${name}.db`))
    : build.EventStoreDbEventStore.open(eventStoreServer);

export const openReadModels = async (
  folder: string,
  name = 'read-models',
  build = underTest,
): Promise<ReadModelStore> =>
  readModelServer === undefined
    ? build.SqliteReadModelStore.open(join(folder, `${name}.db`))
    : build.MongoReadModelStore.open(readModelServer);

/** The variables that give a gateway the same stores. */
export const storeUrls = (folder: string): Record<string, string> => ({
  EVENT_STORE_URL: eventStoreServer ?? `sqlite:${join(folder, 'events.db')}`,
  READ_MODEL_URL: readModelServer ?? `sqlite:${join(folder, 'read-models.db')}`,
});

/** How many events a store holds. */
export async function countEvents(folder: string): Promise<number> {
  const store = await openEventStore(folder);
  let [events, last] = [0, eventStore.START];
  for (;;) {
    const page = await store.readAll(last, PAGE);
    events += page.length;
    last = page.at(-1)?.position ?? last;
    if (page.length === 0) break;
  }
  await store.close();
  return events;
}

/** For the header; without passwords and options. */
export const stores = `events on ${shown(standIn === undefined ? eventStoreServer : 'a stand-in of EventStoreDB')}, read models on ${shown(namedForReadModels === 'stand-in' ? 'the MongoDB-compatible server of the tests' : readModelServer)}`;

function shown(url = 'SQLite'): string {
  return url.replace(/\/\/.*@/, '//').replace(/\?.*$/, '');
}
