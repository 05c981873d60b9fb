import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give out by themselves, to listeners on port 0 and to connections (RFC 6335 and Linux's ip_local_port_range). */
const [FIRST, LAST] = [20_000, 32_767];

/**
 * A port of 127.0.0.1 that nobody listens on, and that nobody else gets by chance: for programs that can't choose one themselves, and for
 * servers that go away and come back.
 */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch {
      continue; // somebody has it
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
