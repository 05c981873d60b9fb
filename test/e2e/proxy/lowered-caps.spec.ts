// Holds fit small balances: of a cap that is all a model can do, the provider is sent as much as is held for, whoever asks and whoever answers.
// Modes: embedded. What a provider is sent has nothing to do with stores.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, type JsonObject, usd } from '../../../src/kernel/index.js';
import { type Answer, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import {
  answering,
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from '../../support/gateway/upstream.js';

const inOwnFormat: Script = (call) => {
  if (call.path.endsWith('/messages'))
    return sendJson(call.response, 200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: call.body['model'],
      content: [{ type: 'text', text: 'Hello.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 5 },
    });
  if (call.path.includes('generateContent'))
    return sendJson(call.response, 200, {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hello.' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    });
  return answering()(call);
};

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(inOwnFormat);
  gateway = await startGateway({
    channels: () => [
      channel('openai', upstream.url, { makers: ['openai', 'deepseek'] }),
      channel('anthropic', upstream.url, { makers: ['anthropic'], format: 'anthropic' }),
      channel('google', upstream.url, { makers: ['google'], format: 'gemini' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => void (upstream.calls.length = 0));

const call = (path: string, account: TestAccount, body: JsonObject): Promise<Answer> =>
  request(`${gateway.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The cap a provider was sent, in its words. */
function sentCap({ max_tokens: older, max_completion_tokens: newer, generationConfig: google }: JsonObject): unknown {
  return older ?? newer ?? (google as JsonObject | undefined)?.['maxOutputTokens'];
}

const HI = [{ role: 'user', content: 'Hi' }];
const REQUESTS: Readonly<Record<string, (cap: number) => JsonObject>> = {
  'chat/completions': (cap) => ({ messages: HI, max_tokens: cap }),
  responses: (cap) => ({ input: 'Hi', max_output_tokens: cap }),
  completions: (cap) => ({ prompt: 'Hi', max_tokens: cap }),
  messages: (cap) => ({ messages: HI, max_tokens: cap }),
};
const ASKED = 60_000;
/** A model of each way to send a cap, and credit that is too little for a hold of that many tokens. */
const MODELS = {
  'gpt-5-mini': '0.05',
  'deepseek-flash': '0.02',
  'claude-opus-5-5': '0.40',
  'gemini-2.5-flash': '0.05',
};

describe.each(Object.keys(REQUESTS))('a client of /v1/%s', (path) => {
  it.each(Object.entries(MODELS))('and %s: the cap that is held for is sent and disclosed', async (model, credit) => {
    const account = await gateway.desk.account(credit);
    const answer = await call(path, account, { model, ...REQUESTS[path]?.(ASKED) });
    expect(answer.status, answer.text).toBe(200);
    const cap = sentCap(upstream.calls[0]?.body ?? {});
    expect(answer.headers.get('x-tokenhub-max-tokens')).toBe(String(cap));
    expect(cap).toBeGreaterThanOrEqual(8_192);
    expect(cap).toBeLessThan(ASKED);
  });
});

describe('three sessions of an agent at once on $5', () => {
  /** As Claude Code asks: 50 KB, streamed, with all that the model can put out. */
  const session = (more: JsonObject = {}): JsonObject => ({
    model: 'claude-opus-5-5',
    max_tokens: 128_000,
    system: 'You are an agent. '.repeat(2_800),
    messages: HI,
    ...more,
  });

  it('all get an answer, and are charged what they used', async () => {
    const account = await gateway.desk.account('5.00');
    const answers = await Promise.all([1, 2, 3].map(() => call('messages', account, session())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const holds = (await account.eventsOf('HoldPlaced')).map(({ amount }) => usd(amount));
    expect(holds.reduce((sum, amount) => sum + amount, 0n) <= usd('5.00')).toBe(true);
    // 10 × $4 + 5 × $20 per million, three times.
    expect(await account.available()).toBe(formatUsd(picoUsd(usd('5.00') - 3n * 140_000_000n)));
  });

  it('keep a budget for thinking below the cap, as Anthropic demands', async () => {
    const account = await gateway.desk.account('1.30');
    const thinking = { type: 'enabled', budget_tokens: 31_999 };
    const answer = await call('messages', account, session({ thinking }));
    expect(answer.status, answer.text).toBe(200);
    expect(upstream.calls[0]?.body).toMatchObject({ thinking, max_tokens: 31_999 + 8_192 });
    expect(answer.headers.get('x-tokenhub-max-tokens')).toBe(String(31_999 + 8_192));
  });

  it('fit into a budget of their key', async () => {
    const account = await gateway.desk.account('50.00', { budgetDaily: '1.00' });
    expect((await call('messages', account, session())).status).toBe(200);
    expect(Number(sentCap(upstream.calls[0]?.body ?? {}))).toBeLessThan(25_000);
  });

  it('are refused as before when not even a short answer fits', async () => {
    const account = await gateway.desk.account('0.30');
    const answer = await call('messages', account, session());
    expect(answer.status).toBe(402);
    expect(answer.text).toContain('instead of 128000');
    expect(upstream.calls).toEqual([]);
  });
});
