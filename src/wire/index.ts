export * from './anthropic/index.js';
export * from './counts.js';
export * from './gemini/index.js';
export * from './pdf-pages.js';
export * from './wire.js';
