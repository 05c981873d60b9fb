// A server for events that is like a real one, its timing included.
import { EventStoreServer } from '../../test/support/event-store-server/event-store-server.js';
import { REAL_TIMING } from '../../test/support/event-store-server/disk.js';
import { serveCommands } from './child.ts';

const server = await EventStoreServer.start(undefined, undefined, REAL_TIMING);
serveCommands(server.port, {
  goDown: () => server.goDown(),
  comeBack: () => server.comeBack(),
});
