export * from './codec.js';
export * from './event-store.js';
export * from './read-model-store.js';
export * from './snapshots.js';
export * from './stream-writer.js';
export type { WriterSettings } from './writer-settings.js';
export * from './projection.js';
export * from './projector.js';
export * from './verify-chain.js';
