import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { contain } from './containment.js';

/** A client of which everything fails that can. */
function failingClient() {
  const stream = new Duplex({ objectMode: true, read() {}, write: () => undefined, writableHighWaterMark: 1 });
  const done: string[] = [];
  const client = {
    GRPCStreamCreator: (_service: unknown, _name: string, create: (grpc: unknown) => Promise<Duplex>) => () =>
      create(undefined),
    handleError: () => Promise.reject(new Error('no node was found')),
    getChannel: () => Promise.resolve({ close: () => void done.push('channel closed') }),
    dispose: async () => void done.push('streams ended'),
  };
  return { client, stream, done };
}

describe('the containment of a client', () => {
  it('is told of a failure that the client would have caught nowhere', async () => {
    const { client } = failingClient();
    const troubles: unknown[] = [];
    contain(client, (error) => troubles.push(error));
    await client.handleError();
    expect(String(troubles)).toContain('no node was found');
  });

  it('keeps a listener that throws from ending the process, and the stream going', async () => {
    const { client, stream } = failingClient();
    const troubles: unknown[] = [];
    contain(client, (error) => troubles.push(error));
    const heard: unknown[] = [];
    await client.GRPCStreamCreator(undefined, 'append', async () =>
      stream.on('data', (reply) => {
        if (reply === 'late') throw new TypeError('nobody waits for it');
        heard.push(reply);
      }),
    )();
    stream.push('late');
    stream.push('expected');
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['expected']);
    expect(String(troubles)).toContain('nobody waits for it');
  });

  it('never asks the client to wait with a write', async () => {
    const { client, stream } = failingClient();
    contain(client, () => undefined);
    await client.GRPCStreamCreator(undefined, 'append', async () => stream)();
    expect([stream.write('one'), stream.write('two'), stream.write('three')]).toEqual([true, true, true]);
  });

  it('ends the streams and closes the connection when it lets go', async () => {
    const { client, done } = failingClient();
    const release = contain(client, () => undefined);
    await client.getChannel();
    await release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual(['streams ended', 'channel closed']);
  });

  it('refuses a client that it does not know', () => {
    expect(() => contain({}, () => undefined)).toThrow('not as this adapter knows it');
  });
});
