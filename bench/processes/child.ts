// The side of a child process: tells its parent where it listens, then answers the parent's commands one by one.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ask, Reply } from '../lib/protocol.ts';

const KEEP_ALIVE_MS = 60_000;

/** Listens on a free port of 127.0.0.1 and returns it. */
export async function listen(server: Server): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

type Commands = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

/** Answers commands until the parent goes away. */
export function serveCommands(port: number, commands: Commands): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ command, argument }: Ask) => {
    void commands[command]?.(argument as never).then((result) => send({ result }));
  });
  send({ result: port });
}

const send = (reply: Reply): void => void process.send?.(reply);
