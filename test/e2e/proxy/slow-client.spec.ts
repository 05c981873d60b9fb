// A client that stops reading holds up its provider, not the gateway's memory; after a while it is cut off, and charged.
// Modes: embedded. What waits between two sockets has nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged } from '../../support/gateway/ledger-desk.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { until } from '../../support/gateway/until.js';
import {
  contentFrame,
  DONE,
  finishFrame,
  type Script,
  type ScriptedUpstream,
  startUpstream,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

const STALL_MS = 3_000;
const FRAME = contentFrame('x'.repeat(65_536));
const FRAMES = 1_000;
/** What sockets on both sides and the gateway may hold between them; the whole stream is four times as much. */
const MOST_BUFFERED_BYTES = 16_777_216;

let gateway: TestGateway;
let upstream: ScriptedUpstream;
let sentBytes = 0;

/** Sends the frames as fast as they are taken, then the usage. */
const flood: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let frames = 0;
  const pump = () => {
    while (frames < FRAMES) {
      frames++;
      sentBytes += FRAME.length;
      if (!response.write(FRAME)) return void response.once('drain', pump);
    }
    response.end(finishFrame() + usageFrame(usageBlock(10, 5)) + DONE);
  };
  pump();
};

beforeAll(async () => {
  upstream = await startUpstream(flood);
  gateway = await startGateway({
    env: { CLIENT_STALL_TIMEOUT_MS: String(STALL_MS) },
    channels: () => [channel('scripted', upstream.url, { onDisconnect: 'continues' })],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

describe('a client that stops reading', () => {
  it('pauses the provider, is cut off, and is charged by the usage at the end', async () => {
    const account = await gateway.desk.account();
    const client = new RawClient(gateway.url, account.key, chat('Hi', { stream: true }));
    await client.head();
    const stalledAt = performance.now();
    const stalled = await until('a standstill', async () => {
      const before = sentBytes;
      await new Promise((resolve) => setTimeout(resolve, STALL_MS / 12));
      return sentBytes === before && before;
    });
    expect(stalled).toBeLessThan(MOST_BUFFERED_BYTES);
    expect((await account.ending()).open).toBe(1);

    await until('the end of the call', () => gateway.callsUnderWay === 0);
    expect(performance.now() - stalledAt).toBeGreaterThan(STALL_MS / 2);
    expect(sentBytes).toBe(FRAMES * FRAME.length);
    expect(await account.ending()).toEqual(charged('0.0000045'));
    await client.read();
    await until('the cut', () => client.closed);
    expect(client.text).not.toContain('[DONE]');
  });

  it('and reads on in time gets all of it', async () => {
    const account = await gateway.desk.account();
    sentBytes = 0;
    const client = new RawClient(gateway.url, account.key, chat('Hi', { stream: true }));
    await client.head();
    await until('some bytes', () => sentBytes > 0);
    await client.read();
    await until('the end', () => client.text.endsWith(DONE));
    const end = finishFrame() + ': x-tokenhub-cost 0.0000045\n\n' + DONE;
    expect(client.text.length).toBe(FRAMES * FRAME.length + end.length);
    expect(await account.ending()).toEqual(charged('0.0000045'));
  });
});
