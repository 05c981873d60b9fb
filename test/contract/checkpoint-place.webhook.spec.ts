import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebhookPlace } from '../../src/adapters/checkpoints/webhook-place.js';
import { checkpointPlaceContract } from './checkpoint-place.contract.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Somebody's server with a secret in its address. */
async function startServer(handler: Handler) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { place: new WebhookPlace(new URL('/checkpoints?token=secret', origin)), origin, close };
}

checkpointPlaceContract('webhook', async () => {
  const kept = new Map<number, string>();
  const { place, close } = await startServer((request, response) => {
    const isRight = request.method === 'POST' && request.url === '/checkpoints?token=secret';
    void text(request)
      .then((body) => isRight && kept.set(Number(request.headers['idempotency-key']), body))
      .finally(() => response.writeHead(isRight ? 204 : 404).end());
  });
  return { place, kept: async () => kept, lose: close, close };
});

describe('a webhook', () => {
  it('can’t be read', async () => {
    const place = new WebhookPlace(new URL('https://auditor.example.com/checkpoints?token=secret'));
    expect([place.name, await place.sizes()]).toEqual(['https://auditor.example.com', undefined]);
    await expect(place.read()).rejects.toThrow('https://auditor.example.com can only be written to');
  });

  it.each([[500], [401], [302]])('that answers %i has not kept the checkpoint', async (status) => {
    const server = await startServer((_request, response) => void response.writeHead(status, { location: '/' }).end());
    await expect(server.place.write(1, 'note')).rejects.toThrow(server.origin);
    await server.close();
  });
});
