// Where the ledger of a run lies: in files of its own, or on the servers that options or the environment name.
import { join } from 'node:path';
import type { EventStore, ReadModelStore } from '../../src/event-store/index.js';
import { EventStoreDbEventStore, MongoReadModelStore, SqliteEventStore, SqliteReadModelStore } from './built.ts';
import { eventStoreServer, readModelServer } from './options.ts';

/** Whether events go to a file: then the disk of this machine is what they wait for. */
export const eventsInFile = eventStoreServer === undefined;

export const openEventStore = (folder: string, name = 'events'): Promise<EventStore> =>
  eventStoreServer === undefined
    ? SqliteEventStore.open(join(folder, `${name}.db`))
    : EventStoreDbEventStore.open(eventStoreServer);

export const openReadModels = async (folder: string, name = 'read-models'): Promise<ReadModelStore> =>
  readModelServer === undefined
    ? SqliteReadModelStore.open(join(folder, `${name}.db`))
    : MongoReadModelStore.open(readModelServer);

/** The variables that give a gateway the same stores. */
export const storeUrls = (folder: string): Record<string, string> => ({
  EVENT_STORE_URL: eventStoreServer ?? `sqlite:${join(folder, 'events.db')}`,
  READ_MODEL_URL: readModelServer ?? `sqlite:${join(folder, 'read-models.db')}`,
});

/** For the header; without passwords and options. */
export const stores = `events on ${shown(eventStoreServer)}, read models on ${shown(readModelServer)}`;

function shown(url = 'SQLite'): string {
  return url.replace(/\/\/.*@/, '//').replace(/\?.*$/, '');
}
