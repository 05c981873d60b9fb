import dns from 'node:dns';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { prepareOutgoing } from './prepare-outgoing.js';

/** A server that accepts no connection while it is told to sleep: the kernel then drops the first packet of each that has no place in the queue. */
const SLEEPER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => parentPort.postMessage(server.address().port));
  parentPort.on('message', (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms));
`;
/** No host has it (RFC 3849). */
const NOWHERE = '2001:db8::1';

const { lookup } = dns;
const sockets: Socket[] = [];
afterEach(() => {
  dns.lookup = lookup;
  for (const socket of sockets.splice(0)) socket.destroy();
});

function open(host: string, port: number): Socket {
  const socket = connect({ host, port }).on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

it('a host with an address that can’t be reached from here is reached by its other one, though a packet is lost', async () => {
  await prepareOutgoing({ HTTPS_PROXY: undefined, NO_PROXY: undefined });
  const server = new Worker(SLEEPER, { eval: true });
  const [port] = (await once(server, 'message')) as [number];
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: NOWHERE, family: 6 },
  ];
  const resolve = (_host: string, _options: object, done: (error: null, found: typeof addresses) => void) =>
    done(null, addresses);
  dns.lookup = resolve as typeof dns.lookup;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule is about windows
  server.postMessage(500);
  await delay(50);
  for (let waiting = 0; waiting < 4; waiting++) open('127.0.0.1', port);
  await delay(50);
  const socket = open('provider.example', port);
  await once(socket, 'connect');
  expect(socket.remoteAddress).toBe('127.0.0.1');
  await server.terminate();
});
