// The MongoDB-compatible server of the tests, for read models.
import { LARGE, startMongoServer } from '../../test/support/mongodb/mongodb-server.js';
import { serveCommands } from './child.ts';

const server = await startMongoServer(LARGE);
serveCommands(0, { url: async () => server.url() });
