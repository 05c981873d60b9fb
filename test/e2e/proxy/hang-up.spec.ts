// Who presses Esc pays for what they got where the provider stops then, for all of it where it goes on; and hanging up early is never free.
// Modes: embedded. What is left has nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { readStream } from '../../support/gateway/streams.js';
import { until } from '../../support/gateway/until.js';

const GONE_MS = 3_000;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { CLIENT_GONE_TIMEOUT_MS: String(GONE_MS) },
    channels: (url) => [
      channel('stops', url, { makers: ['deepseek'] }), // as every server of one's own does
      channel('goes-on', url, { makers: ['openai'], onDisconnect: 'continues' }),
    ],
  });
});
afterAll(() => gateway.close());

/** Calls for so many chunks, one every 10 ms, and leaves when it has some. What it got, and what it was charged. */
async function leftAfter(some: number, model: string, chunks: number) {
  const account = await gateway.desk.account();
  const prompt = `[[sandbox chunks=${chunks} chunk_delay=10]] Tell me a story.`;
  const client = new RawClient(gateway.url, account.key, chat(prompt, { model, stream: true }));
  await client.read();
  await until(`${some} chunks`, () => readStream(client.text).chunks.length >= some);
  const before = performance.now();
  client.leave();
  await until('the end of the call', () => gateway.callsUnderWay === 0);
  const { usage, estimated } = await account.charge();
  const got = readStream(client.text).chunks.length;
  return { got, completion: usage.completionTokens, estimated, lastedMs: performance.now() - before };
}

describe('a client that is gone after a part of the chunks', () => {
  it('at a provider that stops: about what it got, at once', async () => {
    const { got, completion, estimated, lastedMs } = await leftAfter(20, 'deepseek-flash', 600);
    expect(completion).toBeGreaterThanOrEqual(got - 2);
    expect(completion).toBeLessThan(2 * got + 10);
    expect(completion).toBeLessThan(300);
    expect(estimated).toBe('client_left');
    expect(lastedMs).toBeLessThan(GONE_MS);
  });

  it('at one that goes on: what it counts in the end', async () => {
    const { got, completion, estimated } = await leftAfter(10, 'gpt-4o-mini', 100);
    expect(got).toBeLessThan(60);
    expect(completion).toBeGreaterThan(80);
    expect(estimated).toBeUndefined();
  });
});

it('with more left than is waited for, what came by then is charged, not nothing', async () => {
  const { got, completion, estimated, lastedMs } = await leftAfter(30, 'gpt-4o-mini', 2_500);
  expect(lastedMs).toBeGreaterThanOrEqual(GONE_MS - 100);
  expect(completion).toBeGreaterThanOrEqual(got - 2);
  expect(completion).toBeLessThan(2_500);
  expect(estimated).toBe('client_left');
});
