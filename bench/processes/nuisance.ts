// Clients that no gateway asked for: bodies that never end, and connections that never say a word. Each comes back as soon as it is sent away.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { NuisanceOrder, NuisanceFigures } from '../lib/protocol.ts';
import { serveCommands } from './child.ts';

const BODY_BYTES = 31 * 1_048_576;
const PIECE = Buffer.alloc(65_536, '[');
/** A client that is sent away rests a little; otherwise it would measure how fast connections are made. */
const REST_MS = 200;
const PIECE_GAP_MS = 20;

const sockets = new Set<Socket>();
const figures: NuisanceFigures = { connections: 0, sentBytes: 0 };
let going = false;

async function connected(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  socket.resume();
  await once(socket, 'connect');
  figures.connections++;
  return socket;
}

/** Says how much will come, sends all but the end of it, and then waits for as long as it may. */
async function unfinishedBody({ origin, path, authorization }: NuisanceOrder, withKey: boolean): Promise<void> {
  const socket = await connected(origin);
  const key = withKey ? `authorization: ${authorization}\r\n` : '';
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: bench\r\n${key}content-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`,
  );
  let left = BODY_BYTES - PIECE.length;
  while (left > 0 && !socket.destroyed && going) {
    await delay(PIECE_GAP_MS);
    if (socket.writableNeedDrain) continue;
    socket.write(PIECE);
    left -= PIECE.length;
    figures.sentBytes += PIECE.length;
  }
  if (!socket.destroyed) await once(socket, 'close');
}

/** Never sends a byte, and keeps its half when it is told to go. */
async function silence({ origin }: NuisanceOrder): Promise<void> {
  const socket = await connected(origin);
  await once(socket, 'close');
}

async function again(nuisance: () => Promise<void>): Promise<void> {
  while (going) {
    await nuisance().catch(() => undefined);
    await delay(REST_MS);
  }
}

serveCommands(0, {
  begin: async (order: NuisanceOrder) => {
    going = true;
    for (let index = 0; index < order.unfinishedBodies; index++)
      void again(() => unfinishedBody(order, index % 2 === 0));
    for (let index = 0; index < order.silentConnections; index++) void again(() => silence(order));
  },
  end: async () => {
    going = false;
    for (const socket of sockets) socket.destroy();
    return figures;
  },
});
