export * from './amount.js';
export * from './base62.js';
export * from './clock.js';
export * from './decider.js';
export * from './hash-chain.js';
export * from './ids.js';
export * from './json.js';
export * from './rejection.js';
