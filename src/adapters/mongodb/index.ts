// MongoDB's adapters, to be imported dynamically: their client takes a third of a second to load, and a ledger on files needs none of it.
export { MongoConnection } from './mongodb-connection.js';
export { MongoDocumentStore } from './mongodb-document-store.js';
export { mongoDbFault } from './mongodb-fault.js';
export { MongoRateLimitStore } from './mongodb-rate-limit-store.js';
export { MongoReadModelStore } from './mongodb-read-model-store.js';
export { MongoServerClock } from './mongodb-server-clock.js';
