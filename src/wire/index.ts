export * from './anthropic/index.js';
export * from './chat-usage.js';
export * from './completions/index.js';
export * from './counts.js';
export * from './gemini/index.js';
export * from './pdf-pages.js';
export * from './responses/index.js';
export * from './wire.js';
