// A server for events that is like a real one, its timing included.
import { EventStoreServer } from '../../test/support/event-store-server/event-store-server.js';
import { serveCommands } from './child.ts';

const server = await EventStoreServer.start();
serveCommands(server.port, {
  goDown: () => server.goDown(),
  comeBack: () => server.comeBack(),
});
