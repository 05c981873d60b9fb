// A provider that fails after a part of its stream has reached the client.
// Modes: embedded. What providers do has nothing to do with stores; a charge is one like any other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, errorOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import { readStream } from '../../support/gateway/streams.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  type Script,
  type ScriptedUpstream,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let scripted: ScriptedUpstream;
beforeAll(async () => {
  scripted = await startUpstream(answering());
  gateway = await startGateway({
    env: { UPSTREAM_IDLE_TIMEOUT_MS: '1000', REQUEST_TIMEOUT_MS: '4000' },
    channels: (url) => [
      channel('sandbox', url, { makers: ['openai'] }),
      channel('scripted', scripted.url, { models: { 'deepseek-chat': 'deepseek-chat' }, makers: [] }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});

async function broken(prompt: string, model = 'gpt-4o-mini') {
  const account = await gateway.desk.account();
  const answer = await post(gateway.url, account.key, chat(prompt, { stream: true, model }));
  expect(answer.status).toBe(200);
  const stream = readStream(answer.text);
  expect(stream.done, 'no [DONE] ends a broken answer').toBe(false);
  return { account, answer, stream };
}

const told = (script: Script) => {
  scripted.script = script;
  return broken('Hi', 'deepseek-chat');
};

const CASES = [
  ['die_midstream', 'upstream_error', 'the connection failed', undefined],
  ['hang_midstream', 'upstream_timeout', 'fell silent for 1000 ms', undefined],
  ['error_midstream', 'upstream_error', 'The server had an error while processing your request', 'server_error'],
] as const;

describe('a stream that ends in', () => {
  it.each([...CASES, ['finish_error', 'upstream_error', 'network_error', 'network_error'] as const])(
    '%s before any usage is charged nothing',
    async (fault, reason, sentence, code) => {
      const { account, stream } = await broken(`[[sandbox fault=${fault}]]`);
      expect(stream.content).toMatch(/^Sandbox answer/);
      expect(stream.error).toMatchObject({ type: reason, code: code ?? reason, param: null });
      expect(stream.error?.message).toContain(sentence);
      expect(stream.error?.message).toContain('Nothing was charged.');
      expect(await account.ending()).toEqual(released(reason));
    },
  );

  it.each(CASES)('%s after usage was told is charged that, and says so', async (fault, _reason, sentence, code) => {
    const { account, stream } = await broken(`[[sandbox chunks=20 tokens=100 fault=${fault},usage_every_chunk]]`);
    const last = stream.usages.at(-1);
    const charge = await account.charge();
    expect(charge.usageRaw).toEqual(last);
    expect(charge.usage.completionTokens).toBeLessThan(100);
    expect(stream.error).toMatchObject({ type: 'upstream_error', code: code ?? 'upstream_error' });
    expect(stream.error?.message).toContain(sentence);
    expect(stream.error?.message).toContain('The usage it reported was charged.');
    expect(await account.ending()).toEqual(charged(charge.cost));
  });
});

describe('a stream', () => {
  it('that ends early without usage gets an error instead of its end', async () => {
    const { account, stream } = await told(streaming(contentFrame('Hel'), 'data: {"choices":[{"del'));
    expect(stream).toMatchObject({ content: 'Hel' });
    expect(stream.error?.message).toContain('the stream ended early');
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  it('that goes on for longer than any request may is cut off, and what came is charged', async () => {
    const { account, stream } = await broken('[[sandbox chunks=1000 chunk_delay=20]]');
    expect(stream.error).toMatchObject({ code: 'upstream_timeout' });
    expect(stream.error?.message).toContain('no whole answer within 4000 ms');
    expect(stream.error?.message).toContain('What had been delivered was charged.');
    const { usage, estimated } = await account.charge();
    expect([usage.completionTokens > 0, estimated]).toEqual([true, 'timed_out']);
  });

  it('that reports an error is not read on: what follows is not charged', async () => {
    const error = frame({ error: { message: 'overloaded', type: 'server_error' } });
    const { account, stream } = await told(streaming(contentFrame('Hel'), error, usageFrame(usageBlock(9, 9)), DONE));
    expect(stream.error?.message).toContain('overloaded');
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  it('passes the provider’s words about an error to the client alone', async () => {
    const { account, stream } = await told(streaming(contentFrame('Hel'), frame({ error: { message: 'my prompt' } })));
    expect(stream.error?.message).toContain('my prompt');
    expect(JSON.stringify(await account.events())).not.toContain('my prompt');
  });

  it('with a frame beyond all bounds is cut off', async () => {
    const { account, stream } = await told(streaming(contentFrame('Hel'), `data: ${'x'.repeat(5_000_000)}`));
    expect(stream.error?.message).toContain('a frame of the stream exceeds');
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  it('whose first frame is an error is a plain error', async () => {
    scripted.script = streaming(frame({ error: { message: 'overloaded', type: 'server_error' } }));
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { stream: true, model: 'deepseek-chat' }));
    expect(errorOf(answer)).toMatchObject({ status: 502, type: 'upstream_error', code: 'server_error' });
    expect(errorOf(answer).message).toContain('overloaded');
    expect(await account.ending()).toEqual(released('upstream_error'));
  });
});
