export * from './checkpoint.js';
export { leafInput, leafOf } from './leaf.js';
export * from './ledger-keys.js';
export * from './merkle-proofs.js';
export * from './merkle-tree.js';
export * from './note.js';
