import { randomUUID } from 'node:crypto';
import type { Mark, ReadModelStore, Row, ViewDefinition } from '../../src/event-store/read-model-store.js';
import type { JsonObject } from '../../src/kernel/index.js';

export interface OpenedReadModelStore {
  readonly store: ReadModelStore;
  /** Closes the store and opens the same data again; absent where nothing outlives the store. */
  reopen?(): Promise<ReadModelStore>;
  close(): Promise<void>;
}

/** A freshly opened store and a view that no one has written to. */
export interface ViewFixture {
  store: ReadModelStore;
  view: ViewDefinition;
}

export const newView = (): ViewDefinition => ({
  name: `contract-${randomUUID()}-1`,
  indexes: [['owner', 'amount'], ['amount']],
});
export const markAt = (position: number): Mark => ({
  position,
  stream: 'account-a',
  revision: 7,
  hash: `h${position}`,
});
export const row = (id: string, position: number, doc: JsonObject = {}): Row => ({ id, position, doc });
