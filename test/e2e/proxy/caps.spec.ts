// The hold covers what the provider may count: the cap it was placed for is what the provider is told.
// Modes: embedded. What a provider is sent has nothing to do with stores.
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, usd } from '../../../src/kernel/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { answering, type ScriptedUpstream, startUpstream } from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({
    channels: (url) => [
      channel('sandbox', url, { makers: ['anthropic'] }),
      channel('scripted', upstream.url, { makers: ['openai', 'deepseek'] }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => void (upstream.calls.length = 0));

async function capOf(more: Record<string, number | string | null>, credit = '5.00') {
  const account = await gateway.desk.account(credit);
  const answer = await post(gateway.url, account.key, chat('Hi', more));
  expect(answer.status).toBe(200);
  const { max_tokens: older, max_completion_tokens: newer } = upstream.calls[0]?.body ?? {};
  const [hold] = await account.eventsOf('HoldPlaced');
  return { older, newer, disclosed: answer.headers.get('x-tokenhub-max-tokens'), hold: usd(hold?.amount ?? '0') };
}

describe('a client that sets no cap', () => {
  it('gets the ceiling of the model, sent upstream and disclosed', async () => {
    expect(await capOf({})).toMatchObject({ older: 16_384, newer: undefined, disclosed: '16384' });
    expect(await capOf({ max_tokens: null, max_completion_tokens: null })).toMatchObject({ disclosed: '16384' });
  });

  it('gets what its credit affords when that is less, and the hold takes no more', async () => {
    const { older, disclosed, hold } = await capOf({}, '0.001');
    expect(Number(disclosed)).toBeGreaterThan(100);
    expect(Number(disclosed)).toBeLessThan(2_000);
    expect(String(older)).toBe(disclosed);
    expect(hold <= usd('0.001')).toBe(true);
    // Not one more token would fit: gpt-4o-mini's cost $0.60 per million.
    expect(hold + 600_000n > usd('0.001')).toBe(true);
  });

  it('gets a share of it for each choice', async () => {
    const one = await capOf({}, '0.001');
    upstream.calls.length = 0;
    const four = await capOf({ n: 4 }, '0.001');
    expect(Number(four.disclosed)).toBeLessThan(Number(one.disclosed) / 3);
  });

  it('gets it in the field that the model reads', async () => {
    expect(await capOf({ model: 'gpt-5-mini' })).toMatchObject({ older: undefined, newer: 128_000 });
  });
});

describe('a client’s own cap', () => {
  it('is sent upstream, bounds the hold, and is not disclosed', async () => {
    const small = await capOf({ max_tokens: 10 });
    expect(small).toMatchObject({ older: 10, newer: undefined, disclosed: null });
    upstream.calls.length = 0;
    const large = await capOf({ max_tokens: 20 });
    expect(large.hold - small.hold).toBe(10n * 600_000n);
  });

  it('is sent in the field that the model reads, so that no provider overlooks it', async () => {
    const model = 'deepseek-chat';
    expect(await capOf({ max_completion_tokens: 10, model })).toMatchObject({ older: 10, newer: undefined });
    upstream.calls.length = 0;
    expect(await capOf({ max_tokens: 10, model: 'gpt-5-mini' })).toMatchObject({ older: undefined, newer: 10 });
  });
});

it('sends everything else as it came', async () => {
  const account = await gateway.desk.account();
  const more = { temperature: 0.5, metadata: { a: ['b', null] }, user: 'u', seed: 7, tools: [], 'x-unknown': true };
  await post(gateway.url, account.key, chat('Hé “ho” \u{1F419}', { ...more, max_tokens: 5 }));
  expect(upstream.calls[0]?.body).toEqual({ ...chat('Hé “ho” \u{1F419}'), ...more, max_tokens: 5 });
});

const text = fc.string({ unit: 'grapheme', maxLength: 400 });
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('user', 'system', 'assistant', 'developer'), content: text }),
  fc.record({
    role: fc.constant('user'),
    name: fc.string({ minLength: 1 }),
    content: fc.array(fc.record({ type: fc.constant('text'), text }), { minLength: 1 }),
  }),
);
const tool = fc.record({
  type: fc.constant('function'),
  function: fc.record({
    name: fc.stringMatching(/^[\w-]{1,64}$/),
    parameters: fc.record({ type: fc.constant('object'), properties: fc.dictionary(text, fc.jsonValue()) }),
  }),
});
const anyCall = fc.record(
  {
    messages: fc.array(message, { minLength: 1, maxLength: 6 }),
    tools: fc.array(tool, { maxLength: 3 }),
    n: fc.integer({ min: 1, max: 4 }),
    max_tokens: fc.integer({ min: 1, max: 500 }),
    stream: fc.boolean(),
  },
  { requiredKeys: ['messages'] },
);

it('holds no less than the provider charges, whatever is asked', async () => {
  const property = fc.asyncProperty(anyCall, async (call) => {
    const account = await gateway.desk.account();
    const body = { ...(call as JsonObject), model: 'claude-haiku-4-5' };
    const answer = await post(gateway.url, account.key, body);
    expect(answer.status, answer.text).toBe(200);
    const [hold] = await account.eventsOf('HoldPlaced');
    const { cost, overage } = await account.charge();
    expect(overage).toBeUndefined();
    expect(usd(cost) <= usd(hold?.amount ?? '0')).toBe(true);
  });
  await fc.assert(property, { numRuns: 60 });
});
