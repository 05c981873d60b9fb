// The provider's usage block is the bill.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadModelStore } from '../../../src/event-store/index.js';
import { formatUsd, type JsonObject, picoUsd, usd } from '../../../src/kernel/index.js';
import { charges } from '../../../src/ledger/index.js';
import { chat, errorOf, jsonOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';
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
    channels: (url) => [
      channel('sandbox', url, { makers: ['openai'] }),
      channel('scripted', scripted.url, { makers: ['deepseek'] }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});

// gpt-4o-mini, in dollars per million tokens: 0.15 for prompts, 0.075 cached, 0.60 for completions.
const costOf = (prompt: number, completion: number, cached = 0): string =>
  formatUsd(picoUsd(BigInt(prompt - cached) * 150_000n + BigInt(cached) * 75_000n + BigInt(completion) * 600_000n));

async function call(prompt: string, more: JsonObject = {}, credit = '5.00') {
  const account = await gateway.desk.account(credit);
  const answer = await post(gateway.url, account.key, chat(prompt, more));
  return { account, answer };
}

const ASKED = { stream: true, stream_options: { include_usage: true } };
const usageIn = (text: string, stream: boolean): JsonObject =>
  (stream ? readStream(text).usages.at(-1) : (JSON.parse(text) as JsonObject)['usage']) as JsonObject;

describe.each([
  ['a plain answer', {}, false],
  ['a stream', ASKED, true],
])('%s', (_kind, more, stream) => {
  it('costs exactly its tokens at their prices, as the ledger and the headers say', async () => {
    const { account, answer } = await call('[[sandbox tokens=1234 cached=3 reasoning=7]]', more);
    expect(usageIn(answer.text, stream)).toMatchObject({ completion_tokens: 1234 });
    const charge = await account.charge();
    const prompt = charge.usage.promptTokens;
    expect(charge).toMatchObject({
      requestId: answer.requestId,
      chargeId: answer.headers.get('x-tokenhub-charge-id'),
      model: 'gpt-4o-mini',
      provider: 'sandbox',
      priceVersion: 1,
      cost: costOf(prompt, 1234, 3),
      providerCost: costOf(prompt, 1234, 3),
      attempts: [{ channel: 'sandbox', status: 200 }],
    });
    expect(answer.headers.get('x-tokenhub-cost'), 'a stream does not know it at its head').toBe(
      stream ? null : charge.cost,
    );
    expect(await account.ending()).toEqual(charged(charge.cost));
    expect(await account.balance()).toBe(formatUsd(picoUsd(usd('5.00') - usd(charge.cost))));
  });

  it('is recorded with the usage as the provider sent it, which is what the client got', async () => {
    const { account, answer } = await call('[[sandbox tokens=50 cached=2]]', more);
    const charge = await account.charge();
    const [line] = (await gateway.usageLines()).filter(({ requestId }) => requestId === answer.requestId);
    expect(charge.usageRaw).toEqual(line?.usage);
    expect(usageIn(answer.text, stream)).toEqual(line?.usage);
    expect(charge.usage).toMatchObject({ completionTokens: 50, cachedTokens: 2, reasoningTokens: 0 });
  });

  it.each([
    ['no_usage', 'reported no usage'],
    ['usage_negative', 'completion_tokens is -'],
    ['usage_float', '.5, not a plausible whole number'],
    ['usage_absurd', 'completion_tokens is 1000000000000'],
    ['usage_beyond', 'completion tokens, 0 of them of reasoning, are more than the request allowed'],
  ])('with %s is delivered whole, charged nothing, and shown to operators', async (fault, detail) => {
    const { account, answer } = await call(`[[sandbox fault=${fault}]]`, more);
    expect(answer.status).toBe(200);
    expect(answer.headers.has('x-tokenhub-cost')).toBe(false);
    expect(!stream || readStream(answer.text).done).toBe(true);
    expect(await account.ending()).toEqual(released('usage_unknown'));
    const readModels = gateway.app.get(ReadModelStore);
    const query = { where: { requestId: answer.requestId, status: 'released' } };
    const row = await until('the row', async () => (await readModels.find(charges.view, query))[0]?.doc);
    expect(row).toMatchObject({ reason: 'usage_unknown', detail: expect.stringContaining(detail) as string });
  });

  it('that does not add up is charged for what is certain, and says so', async () => {
    const { account } = await call('[[sandbox tokens=40 fault=usage_inconsistent]]', more);
    const { usage, cost, usageRaw } = await account.charge();
    expect(usage).toMatchObject({ completionTokens: 40, reading: ['certain'] });
    expect(usageRaw['total_tokens']).toBe(usage.totalTokens + 7);
    expect(cost).toBe(costOf(usage.promptTokens, 40));
  });

  it('that can’t be true is kept with its release, and with who told it', async () => {
    const { account, answer } = await call('[[sandbox fault=usage_beyond]]', { ...more, max_tokens: 100 });
    const [release] = await account.eventsOf('HoldReleased');
    const [line] = (await gateway.usageLines()).filter(({ requestId }) => requestId === answer.requestId);
    expect(release).toMatchObject({ provider: 'sandbox', upstreamModel: 'gpt-4o-mini', usageRaw: line?.usage });
    expect(await account.balance()).toBe('5.00');
  });

  it('with its usage in the first choice is charged by that', async () => {
    const { account } = await call('[[sandbox tokens=40 fault=usage_in_choice]]', more);
    expect((await account.charge()).usage).toMatchObject({ completionTokens: 40 });
  });

  it('that counts more than it was allowed is charged in full, even below zero; then nothing more is let through', async () => {
    const { account } = await call('[[sandbox fault=usage_over]]', { ...more, max_tokens: 100 }, '0.0002');
    const charge = await account.charge();
    const { promptTokens, completionTokens } = charge.usage;
    expect(completionTokens).toBeGreaterThan(1_000);
    expect(charge.cost).toBe(costOf(promptTokens, completionTokens));
    const [hold] = await account.eventsOf('HoldPlaced');
    expect(charge.overage).toBe(formatUsd(picoUsd(usd(charge.cost) - usd(hold?.amount ?? '0'))));
    expect(await account.balance()).toBe(formatUsd(picoUsd(usd('0.0002') - usd(charge.cost))));
    expect(await account.balance()).toMatch(/^-/);
    const refused = errorOf(await post(gateway.url, account.key, chat('Hi', { max_tokens: 1 })));
    expect(refused).toMatchObject({ status: 402, type: 'insufficient_balance' });
    expect((await account.ending()).open).toBe(0);
    await account.grant('1.00');
    expect((await post(gateway.url, account.key, chat('Hi', { max_tokens: 1 }))).status).toBe(200);
  });
});

describe('a stream that is odd but whole', () => {
  it.each([
    'crlf',
    'split_frames',
    'keepalive_comments',
    'broken_frame',
    'no_done',
    'no_last_line',
    'crlf,split_frames,keepalive_comments',
  ])('(%s) is delivered and charged like any other', async (fault) => {
    const { account, answer } = await call(`[[sandbox chunks=8 tokens=20 fault=${fault}]] Hé “ho” 漢字 🐙`, ASKED);
    const stream = readStream(answer.text);
    expect(stream).toMatchObject({ done: true, error: undefined });
    expect(stream.content).toContain('you said “Hé “ho” 漢字 🐙”');
    const charge = await account.charge();
    expect(charge.usageRaw).toEqual(stream.usages.at(-1));
    expect(charge.cost).toBe(costOf(charge.usage.promptTokens, 20));
  });
});

describe('several choices', () => {
  it('are held for and charged as what the provider counts for all of them', async () => {
    const { account, answer } = await call('Hi', { n: 3, max_tokens: 10 });
    expect(jsonOf(answer)['choices']).toHaveLength(3);
    const { usage, cost } = await account.charge();
    expect(usage.completionTokens).toBe(30);
    expect(cost).toBe(costOf(usage.promptTokens, 30));
  });
});

describe('usage in a stream', () => {
  const told = async (script: Script, more: JsonObject = { stream: true }) => {
    scripted.script = script;
    return call('Hi', { model: 'deepseek-chat', ...more });
  };

  it('in every chunk is cumulative: the last is charged, never the sum', async () => {
    const { account, answer } = await call('[[sandbox tokens=64 chunks=16 fault=usage_every_chunk]]', ASKED);
    expect(readStream(answer.text).usages.length).toBeGreaterThan(10);
    expect((await account.charge()).usage).toMatchObject({ completionTokens: 64 });
  });

  it('in the first choice counts also beside an empty one at the top', async () => {
    const choices = [{ index: 0, delta: {}, finish_reason: 'stop', usage: usageBlock(11, 13) }];
    const { account } = await told(
      streaming(contentFrame('Hi', { usage: null }), frame({ usage: null, choices }), DONE),
    );
    expect((await account.charge()).usage).toMatchObject({ promptTokens: 11, completionTokens: 13 });
  });

  it('at the end wins over what was told before', async () => {
    const script = streaming(contentFrame('Hi', { usage: usageBlock(11, 1) }), usageFrame(usageBlock(11, 17)), DONE);
    const { account } = await told(script);
    expect((await account.charge()).usage).toMatchObject({ completionTokens: 17 });
  });

  it('that is no usage block at all is charged nothing', async () => {
    for (const usage of ['many', [1, 2], { prompt_tokens: 'x' }, { note: 'x'.repeat(9_000), ...usageBlock(1, 1) }]) {
      const { account } = await told(streaming(frame({ choices: [], usage }), DONE));
      expect(await account.ending()).toEqual(released('usage_unknown'));
      const [release] = await account.eventsOf('HoldReleased');
      const isSmall = typeof usage === 'object' && JSON.stringify(usage).length < 8_192 && !Array.isArray(usage);
      expect(release?.usageRaw).toEqual(isSmall ? usage : JSON.stringify(usage).slice(0, 8_192));
    }
  });

  it('of a plain answer may be absent, null or nonsense', async () => {
    for (const usage of [undefined, null, 'many', { prompt_tokens: null, completion_tokens: 1, total_tokens: 4 }]) {
      const { account, answer } = await told(answering(usageBlock(1, 1), { usage }), {});
      expect(answer.status).toBe(200);
      expect(await account.ending()).toEqual(released('usage_unknown'));
    }
  });

  it('of nothing costs nothing, and is a charge all the same', async () => {
    const { account } = await told(streaming(usageFrame(usageBlock(0, 0)), DONE));
    expect(await account.ending()).toEqual({ ...NOTHING, charged: ['0.00'] });
  });
});
