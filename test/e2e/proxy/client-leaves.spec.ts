// A client that leaves pays for what was delivered, or for what the provider goes on to bill: never nothing, however often it hangs up.
// Modes: embedded. What is left has nothing to do with stores.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type JsonObject, usd } from '../../../src/kernel/index.js';
import { entryOf } from '../../../src/ledger/index.js';
import { chat, get, jsonOf } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released, type TestAccount } from '../../support/gateway/ledger-desk.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { until } from '../../support/gateway/until.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  type ScriptedUpstream,
  startUpstream,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

const GONE_MS = 2_000;

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({
    env: { CLIENT_GONE_TIMEOUT_MS: String(GONE_MS) },
    channels: () => [
      channel('goes-on', upstream.url, { makers: ['openai'], onDisconnect: 'continues' }),
      channel('stops', upstream.url, { makers: ['deepseek'], onDisconnect: 'cancels' }),
      channel('anthropic', upstream.url, { makers: ['anthropic'], format: 'anthropic', onDisconnect: 'cancels' }),
      channel('google', upstream.url, { makers: ['google'], format: 'gemini', onDisconnect: 'cancels' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Calls, and resolves when the request has reached the provider, which does nothing yet. */
async function calling(more: JsonObject, path?: string) {
  const account = await gateway.desk.account();
  const before = upstream.calls.length;
  upstream.script = () => undefined;
  const client = new RawClient(gateway.url, account.key, chat('Hi', more), path);
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
    const { account, client, response } = await calling({ stream: true });
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
    const { account, client, response } = await calling({ stream: true });
    client.leave();
    await until('its departure', () => client.closed);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(contentFrame('Hello.') + usageFrame(usageBlock(10, 5)) + DONE);
    expect(await ended(account)).toEqual(charged(COST));
  });

  it('before the first byte is not waited for without end: nothing has come, and nothing is charged', async () => {
    const { account, client, response } = await calling({ stream: true });
    const leftAt = performance.now();
    client.leave();
    expect(await ended(account)).toEqual(released('upstream_timeout'));
    expect(performance.now() - leftAt).toBeGreaterThan(GONE_MS - 100);
    await until('the end of the connection to the provider', () => response.destroyed);
  });

  it('before a plain answer is charged all the same', async () => {
    const { account, client, response } = await calling({ stream: false });
    client.leave();
    await until('its departure', () => client.closed);
    answering(usageBlock(10, 5))({ headers: {}, path: '', body: {}, response });
    expect(await ended(account)).toEqual(charged(COST));
  });

  it('before a plain answer is charged though that takes longer than a stream is read on: its provider does not stop', async () => {
    const { account, client, response } = await calling({ stream: false });
    client.leave();
    await until('its departure', () => client.closed);
    await delay(GONE_MS + 300);
    answering(usageBlock(10, 5))({ headers: {}, path: '', body: {}, response });
    expect(await ended(account)).toEqual(charged(COST));
  });

  it('may have closed only its own half of the connection: nobody can tell, and the answer is for nobody', async () => {
    const account = await gateway.desk.account();
    const before = upstream.calls.length;
    upstream.script = () => undefined;
    const { hostname, port } = new URL(gateway.url);
    const body = JSON.stringify(chat('Hi'));
    const head = ['POST /v1/chat/completions HTTP/1.1', 'host: x', `authorization: Bearer ${account.key}`];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.end(`${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
    const call = await until('the call upstream', () => upstream.calls[before]);
    await until('the end of the connection', () => socket.closed);
    answering(usageBlock(10, 5))(call);
    expect([await ended(account), text]).toEqual([charged(COST), '']);
  });

  it('before its tokens are counted is left at once: there is no bill', async () => {
    const { client, response } = await calling({ model: 'claude-haiku-4-5' }, '/v1/messages/count_tokens');
    const leftAt = performance.now();
    client.leave();
    await until('the end of the connection to the provider', () => response.destroyed);
    expect(performance.now() - leftAt).toBeLessThan(GONE_MS / 2);
  });

  it('is charged nothing when the provider then fails', async () => {
    const { account, client, response } = await calling({ stream: true });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame('Hel'));
    await client.read();
    await until('the first frame', () => client.text.includes('Hel'));
    client.leave();
    await until('its departure', () => client.closed);
    response.destroy();
    expect(await ended(account)).toEqual(released('upstream_error'));
  });

  it('is not waited for without end: the provider is left, too, and what came is charged', async () => {
    const { account, client, response } = await calling({ stream: true });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await delivers(
      response,
      client,
      [0, 1, 2].map((piece) => contentFrame(`piece${piece}`)),
    );
    client.leave();
    await until('its departure', () => client.closed);
    response.write(contentFrame('more'));
    const leftAt = performance.now();
    // 4 pieces of 22 bytes in all are 6 tokens; the prompt is estimated at a quarter of its bound.
    expect(await estimateOf(account)).toEqual({ completionTokens: 6, estimated: 'client_left', usageRaw: {} });
    expect(performance.now() - leftAt).toBeGreaterThan(GONE_MS / 2);
    await until('the end of the connection upstream', () => response.destroyed);
  });

  it('is charged for the speech that came, and for its words', async () => {
    const spoken = (audio: JsonObject) => frame({ choices: [{ index: 0, delta: { audio }, finish_reason: null }] });
    const speech = {
      model: 'gpt-audio-1.5',
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'pcm16' },
    };
    const { account, client, response } = await calling({ stream: true, ...speech });
    // 8 × 50 ms of samples of 16 bits at 24 kHz.
    const data = Buffer.alloc(8 * 2_400).toString('base64');
    await delivers(response, client, [spoken({ id: 'audio_1', data }), spoken({ transcript: ' piece0' })]);
    await leaving(client);
    await ended(account);
    const { usage, cost } = await account.charge();
    expect(usage).toMatchObject({ completionTokens: 10, completionAudioTokens: 8 });
    expect(usd(cost)).toBeGreaterThan(usd('0.000512')); // 8 × $64 per million, words and prompt
  });
});

/** Writes frames, and resolves when the client has the last one. */
async function delivers(response: ServerResponse, client: RawClient, frames: readonly string[]): Promise<void> {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const one of frames) response.write(one);
  await client.read();
  await until('the last frame', () => client.text.includes(/piece\d+/.exec(frames.at(-1) ?? '')?.[0] ?? ''));
}

async function estimateOf(account: TestAccount) {
  await ended(account);
  const { usage, estimated, usageRaw } = await account.charge();
  return { completionTokens: usage.completionTokens, estimated, usageRaw };
}

const leaving = async (client: RawClient) => {
  client.leave();
  await until('its departure', () => client.closed);
};

describe('a client that leaves a provider that stops then', () => {
  const STOPS = { stream: true, model: 'deepseek-flash' };
  const pieces = (count: number) => Array.from({ length: count }, (_, piece) => contentFrame(` piece${piece}`));

  it('is charged what was delivered, and the provider is left at once', async () => {
    const { account, client, response } = await calling(STOPS);
    await delivers(response, client, pieces(20));
    await leaving(client);
    const leftAt = performance.now();
    await until('the end of the connection upstream', () => response.destroyed);
    expect(performance.now() - leftAt).toBeLessThan(0.9 * GONE_MS);
    // 20 pieces, of 150 bytes in all.
    expect(await estimateOf(account)).toEqual({ completionTokens: 38, estimated: 'client_left', usageRaw: {} });
    const [{ usage, cost }, [hold]] = [await account.charge(), await account.eventsOf('HoldPlaced')];
    expect(usage.promptTokens).toBeGreaterThan(0);
    expect(usd(cost) > 0n && usd(cost) < usd(hold?.amount ?? '0')).toBe(true);
  });

  it('is told so by its charge and its entries', async () => {
    const { account, client, response } = await calling(STOPS);
    await delivers(response, client, pieces(2));
    await leaving(client);
    const { chargeId, usage } = await ended(account).then(() => account.charge());
    const shown = jsonOf(await get(gateway.url, `/v1/charges/${chargeId}`, account.key));
    const { promptTokens, completionTokens } = usage;
    const estimated = { reason: 'client_left', prompt_tokens: promptTokens, completion_tokens: completionTokens };
    expect(shown).toMatchObject({ status: 'charged', estimated, usage: {} });
    const descriptions = (await account.events()).map((event) => entryOf(event)?.description);
    expect(descriptions).toContain('Call that was cut off, charged by an estimate of what was delivered');
  });

  it('never gets more than its cap charged', async () => {
    const { account, client, response } = await calling({ ...STOPS, max_tokens: 3 });
    await delivers(response, client, pieces(20));
    await leaving(client);
    expect(await estimateOf(account)).toMatchObject({ completionTokens: 3 });
  });

  it('is charged by the provider’s own count where that has come with every chunk', async () => {
    const { account, client, response } = await calling(STOPS);
    const counted = (completion: number) => contentFrame(` piece${completion}`, { usage: usageBlock(10, completion) });
    await delivers(response, client, [counted(1), counted(7)]);
    await leaving(client);
    expect(await estimateOf(account)).toEqual({
      completionTokens: 7,
      estimated: undefined,
      usageRaw: usageBlock(10, 7),
    });
  });

  it('after the end of the answer is charged by the usage that follows', async () => {
    const { account, client, response } = await calling(STOPS);
    const last = { choices: [{ index: 0, delta: { content: ' piece9' }, finish_reason: 'stop' }] };
    await delivers(response, client, [contentFrame('piece1'), frame(last)]);
    await leaving(client);
    response.end(usageFrame(usageBlock(10, 5)) + DONE);
    expect(await estimateOf(account)).toMatchObject({ completionTokens: 5, estimated: undefined });
  });

  it('before anything came is charged for its prompt', async () => {
    const { account, client, response } = await calling(STOPS);
    await leaving(client);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame(''));
    expect(await estimateOf(account)).toEqual({ completionTokens: 0, estimated: 'client_left', usageRaw: {} });
    expect((await account.charge()).usage.promptTokens).toBeGreaterThan(0);
  });

  it('never hangs up for nothing', async () => {
    const account = await gateway.desk.account('0.02');
    for (let time = 0; time < 3; time++) {
      const before = upstream.calls.length;
      const client = new RawClient(gateway.url, account.key, chat('Hi', { ...STOPS, max_tokens: 500 }));
      const { response } = await until('the call upstream', () => upstream.calls[before]);
      await delivers(response, client, pieces(20));
      await leaving(client);
      await ended(account);
    }
    const costs = (await account.eventsOf('TokensCharged')).map(({ cost }) => usd(cost));
    expect(costs.map((cost) => cost > 0n)).toEqual([true, true, true]);
  });
});

describe('in the formats of others', () => {
  const event = (data: JsonObject) => `event: ${String(data['type'])}\n${frame(data)}`;
  const START = event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [],
      usage: { input_tokens: 1_220, output_tokens: 1 },
    },
  });
  const BLOCK = event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  const text = (one: string) =>
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: one } });
  const answer = [START, BLOCK, text('Hello'), text(' piece1')];

  it.each(['/v1/messages', '/v1/chat/completions'])(
    'Anthropic’s start tells the input exactly, for a client of %s',
    async (path) => {
      const model = 'claude-haiku-4-5';
      const { account, client, response } = await calling({ stream: true, model, max_tokens: 100 }, path);
      await delivers(response, client, answer);
      await leaving(client);
      await until('the end of the connection upstream', () => response.destroyed);
      // 12 bytes in 2 pieces: 3 tokens, beside the one that was told.
      expect(await estimateOf(account)).toEqual({
        completionTokens: 4,
        estimated: 'client_left',
        usageRaw: { input_tokens: 1_220, output_tokens: 1 },
      });
      expect((await account.charge()).usage.promptTokens).toBe(1_220);
    },
  );

  it('Gemini’s counts come with every chunk', async () => {
    const { account, client, response } = await calling({ stream: true, model: 'gemini-2.5-flash' });
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12 };
    const candidates = [{ index: 0, content: { role: 'model', parts: [{ text: 'piece1' }] } }];
    await delivers(response, client, [frame({ candidates, usageMetadata })]);
    await leaving(client);
    expect(await estimateOf(account)).toEqual({ completionTokens: 2, estimated: undefined, usageRaw: usageMetadata });
  });
});
