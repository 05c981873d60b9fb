export * from './language.js';
export * from './letter.js';
export * from './mailer.js';
export * from './public-url.js';
