export * from './counts.js';
export * from './wire.js';
