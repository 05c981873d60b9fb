// A client that leaves pays for what the provider counts: it is read on to its usage block, for a while.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat } from '../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { charged, released, type TestAccount } from '../support/gateway/ledger-desk.js';
import { RawClient } from '../support/gateway/raw-client.js';
import { until } from '../support/gateway/until.js';
import {
  answering,
  contentFrame,
  DONE,
  type ScriptedUpstream,
  startUpstream,
  usageBlock,
  usageFrame,
} from '../support/gateway/upstream.js';

const GONE_MS = 2_000;

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({
    env: { CLIENT_GONE_TIMEOUT_MS: String(GONE_MS) },
    channels: () => [channel('scripted', upstream.url)],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Calls, and resolves when the request has reached the provider, which does nothing yet. */
async function calling(stream: boolean) {
  const account = await gateway.desk.account();
  const before = upstream.calls.length;
  upstream.script = () => undefined;
  const client = new RawClient(gateway.url, account.key, chat('Hi', { stream }));
  const call = await until('the call upstream', () => upstream.calls[before]);
  return { account, client, response: call.response };
}

const ended = (account: TestAccount) =>
  until('the end of the call', async () => {
    const ending = await account.ending();
    return ending.open === 0 && gateway.callsUnderWay === 0 && ending;
  });

// gpt-4o-mini: 10 × $0.15 + 5 × $0.60 per million.
const COST = '0.0000045';

describe('a client that leaves', () => {
  it('in the middle of a stream is charged by the usage block that still comes', async () => {
    const { account, client, response } = await calling(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame('Hel'));
    await client.read();
    await until('the first frame', () => client.text.includes('Hel'));
    client.leave();
    await until('its departure', () => client.closed);
    response.write(contentFrame('lo.'));
    response.end(usageFrame(usageBlock(10, 5)) + DONE);
    expect(await ended(account)).toEqual(charged(COST));
    expect(client.text).not.toContain('[DONE]');
  });

  it('before the first byte of a stream is charged all the same', async () => {
    const { account, client, response } = await calling(true);
    client.leave();
    await until('its departure', () => client.closed);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(contentFrame('Hello.') + usageFrame(usageBlock(10, 5)) + DONE);
    expect(await ended(account)).toEqual(charged(COST));
  });

  it('before a plain answer is charged all the same', async () => {
    const { account, client, response } = await calling(false);
    client.leave();
    await until('its departure', () => client.closed);
    answering(usageBlock(10, 5))({ headers: {}, path: '', body: {}, response });
    expect(await ended(account)).toEqual(charged(COST));
  });

  it('is charged nothing when the provider then fails', async () => {
    const { account, client, response } = await calling(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame('Hel'));
    await client.read();
    await until('the first frame', () => client.text.includes('Hel'));
    client.leave();
    await until('its departure', () => client.closed);
    response.destroy();
    expect(await ended(account)).toEqual(released('upstream_error'));
  });

  it('is not waited for without end: the provider is left, too', async () => {
    const { account, client, response } = await calling(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame('Hel'));
    await client.read();
    await until('the first frame', () => client.text.includes('Hel'));
    client.leave();
    expect(await ended(account)).toEqual(released('upstream_timeout'));
    const [release] = await account.eventsOf('HoldReleased');
    expect(release?.detail).toContain(`no end within ${GONE_MS} ms after the client had left`);
    await until('the end of the connection upstream', () => response.destroyed);
  });
});
