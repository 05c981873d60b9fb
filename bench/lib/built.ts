// The build under test: its code at run time, the types of its sources.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as EventStoreDbModule from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import type * as MongoModule from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import type * as SqliteEventStoreModule from '../../src/adapters/sqlite/sqlite-event-store.js';
import type * as SqliteReadModelStoreModule from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import type * as EventStoreModule from '../../src/event-store/index.js';
import type * as KernelModule from '../../src/kernel/index.js';
import type * as KeysModule from '../../src/keys/index.js';
import type * as LedgerModule from '../../src/ledger/index.js';
import type * as PricingModule from '../../src/pricing/index.js';
import type * as PriceListsModule from '../../src/pricing/price-lists.js';
import type * as ProjectionsModule from '../../src/operations/projections.js';
import { dist } from './options.ts';

export const root = resolve(import.meta.dirname, '../..');
export const builtFile = (path: string): string => join(resolve(root, dist), path);

const load = <Module>(path: string): Promise<Module> => import(pathToFileURL(builtFile(path)).href) as Promise<Module>;

await import('reflect-metadata');
export const kernel = await load<typeof KernelModule>('src/kernel/index.js');
export const eventStore = await load<typeof EventStoreModule>('src/event-store/index.js');
export const ledger = await load<typeof LedgerModule>('src/ledger/index.js');
export const keys = await load<typeof KeysModule>('src/keys/index.js');
export const pricing = await load<typeof PricingModule>('src/pricing/index.js');
export const { PriceLists } = await load<typeof PriceListsModule>('src/pricing/price-lists.js');
export const { PROJECTIONS } = await load<typeof ProjectionsModule>('src/operations/projections.js');
export const { SqliteEventStore } = await load<typeof SqliteEventStoreModule>(
  'src/adapters/sqlite/sqlite-event-store.js',
);
export const { SqliteReadModelStore } = await load<typeof SqliteReadModelStoreModule>(
  'src/adapters/sqlite/sqlite-read-model-store.js',
);
export const { EventStoreDbEventStore } = await load<typeof EventStoreDbModule>(
  'src/adapters/eventstoredb/eventstoredb-event-store.js',
);
export const { MongoReadModelStore } = await load<typeof MongoModule>(
  'src/adapters/mongodb/mongodb-read-model-store.js',
);
