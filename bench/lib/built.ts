// The build under test, and others to compare it with.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as EventStoreDbModule from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import type * as MongoModule from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import type * as MemoryEventStoreModule from '../../src/adapters/memory/memory-event-store.js';
import type * as MemoryReadModelsModule from '../../src/adapters/memory/memory-read-model-store.js';
import type * as SqliteEventStoreModule from '../../src/adapters/sqlite/sqlite-event-store.js';
import type * as SqliteReadModelStoreModule from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import type * as KeyFilesModule from '../../src/adapters/stores/ledger-key-files.js';
import type * as EventStoreModule from '../../src/event-store/index.js';
import type * as KernelModule from '../../src/kernel/index.js';
import type * as KeysModule from '../../src/keys/index.js';
import type * as LedgerModule from '../../src/ledger/index.js';
import type * as PricingModule from '../../src/pricing/index.js';
import type * as PriceListsModule from '../../src/pricing/price-lists.js';
import type * as SealsModule from '../../src/seals/index.js';
import type * as ProjectionsModule from '../../src/operations/projections.js';
import { dists } from './options.ts';

export const root = resolve(import.meta.dirname, '../..');

/** A build: its code at run time, the types of the sources here. */
export async function loadBuild(dist: string) {
  const file = (path: string): string => join(resolve(root, dist), path);
  const load = <Module>(path: string): Promise<Module> => import(pathToFileURL(file(path)).href) as Promise<Module>;
  return {
    dist,
    file,
    kernel: await load<typeof KernelModule>('src/kernel/index.js'),
    eventStore: await load<typeof EventStoreModule>('src/event-store/index.js'),
    ledger: await load<typeof LedgerModule>('src/ledger/index.js'),
    keys: await load<typeof KeysModule>('src/keys/index.js'),
    pricing: await load<typeof PricingModule>('src/pricing/index.js'),
    ...(await load<typeof PriceListsModule>('src/pricing/price-lists.js')),
    ...(await load<typeof ProjectionsModule>('src/operations/projections.js')),
    ...(await load<typeof SqliteEventStoreModule>('src/adapters/sqlite/sqlite-event-store.js')),
    ...(await load<typeof SqliteReadModelStoreModule>('src/adapters/sqlite/sqlite-read-model-store.js')),
    ...(await load<typeof EventStoreDbModule>('src/adapters/eventstoredb/eventstoredb-event-store.js')),
    ...(await load<typeof MemoryEventStoreModule>('src/adapters/memory/memory-event-store.js')),
    ...(await load<typeof MemoryReadModelsModule>('src/adapters/memory/memory-read-model-store.js')),
    ...(await load<typeof KeyFilesModule>('src/adapters/stores/ledger-key-files.js')),
    ...(await load<typeof SealsModule>('src/seals/index.js')),
    ...(await load<typeof MongoModule>('src/adapters/mongodb/mongodb-read-model-store.js')),
  };
}

export type Build = Awaited<ReturnType<typeof loadBuild>>;

await import('reflect-metadata');
/** The build under test. */
export const build = await loadBuild(dists[0]);
export const builtFile = build.file;
export const { kernel, eventStore, ledger, keys, pricing, PriceLists, PROJECTIONS } = build;
export const { EventMacs, MemoryEventStore, MemoryReadModelStore, openLedgerKeys } = build;
