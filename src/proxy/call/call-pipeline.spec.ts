// The path of a call over real accounts in memory, with a scripted provider and no network.
import fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOON, YEAR } from '../../../test/support/ledger/commands.js';
import { answer, channel, error, type Script, ScriptedUpstream } from '../../../test/support/proxy/opening.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryRateLimitStore } from '../../adapters/memory/memory-rate-limit-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { Clock, Refused, toInstant, usd } from '../../kernel/index.js';
import { type AccountCommand, Accounts } from '../../ledger/index.js';
import { loadConfig } from '../../platform/config.js';
import { CallTimeRecords } from '../../platform/call-times/index.js';
import { ApiError } from '../../platform/http/index.js';
import { Lifecycle, Metrics, PeriodicWorkers } from '../../platform/index.js';
import { PriceBook, SHIPPED, startingPriceList } from '../../pricing/index.js';
import { PriceLists } from '../../pricing/price-lists.js';
import { Billing } from '../billing/billing.js';
import { Settler } from '../billing/settler.js';
import { CHAT } from '../endpoints/chat/chat.js';
import { COUNT_TOKENS } from '../endpoints/chat/count-tokens.js';
import { ModelDirectory } from '../models/model-directory.js';
import { AnswerMemory } from '../providers/answer-memory.js';
import { Channels } from '../providers/channels.js';
import { Circuits } from '../providers/circuits.js';
import { ProviderCalls } from '../providers/provider-calls.js';
import { Admissions } from './admissions.js';
import { CallLog } from './call-log.js';
import { CallPipeline } from './call-pipeline.js';
import { InFlight } from './in-flight.js';
import { RateLimits } from './rate-limits.js';

const KEY = { keyId: 'k', secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
const USAGE = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const COMPLETION = JSON.stringify({ choices: [{ index: 0, message: { content: 'Hi' } }], usage: USAGE });
const chunk = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const HI = chunk({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] });
const streaming = (...frames: readonly string[]): Script => answer(200, frames.join(''), 'text/event-stream');

let app: FastifyInstance;
let lifecycle: Lifecycle;
let store: MemoryEventStore;
/** What the provider does, by the name of its channel. */
let scripts: Record<string, Script>;
let upstream: ScriptedUpstream;
let calls: ProviderCalls;
let grant: (credit: string) => Promise<unknown>;

beforeEach(async () => {
  store = new MemoryEventStore();
  const readModels = new MemoryReadModelStore();
  const accounts = new Accounts(store, readModels);
  const priceBook = new PriceBook();
  await new PriceLists(store, priceBook).publish({
    models: startingPriceList(),
    effectiveFrom: toInstant(NOON - YEAR),
    at: NOON - YEAR,
  });
  const clock = new (class extends Clock {
    override now = () => NOON;
  })();
  const execute = (command: Record<string, unknown>) =>
    accounts.execute('acc', { commandId: String(command['type']), at: NOON, ...command } as AccountCommand);
  await execute({ type: 'OpenAccount', accountId: 'acc' });
  await execute({ type: 'IssueKey', ...KEY });
  grant = (credit) =>
    execute({ type: 'GrantCredit', lotId: 'lot', amount: usd(credit), reason: 'test', expiresAt: NOON + YEAR });

  scripts = {};
  upstream = new ScriptedUpstream(scripts);
  lifecycle = new Lifecycle();
  const [config, metrics, logger] = [loadConfig({}), new Metrics(), pino({ level: 'silent' })];
  const channels = new Channels([
    { ...channel('openai'), makers: ['openai'] },
    { ...channel('anthropic'), makers: ['anthropic'], format: 'anthropic' },
  ]);
  const settler = new Settler(accounts, readModels, metrics, logger);
  calls = new ProviderCalls(clock);
  const pipeline = new CallPipeline(
    new RateLimits(new MemoryRateLimitStore(), accounts, config),
    new ModelDirectory(SHIPPED, channels, priceBook, clock),
    channels,
    new Billing(accounts, priceBook, settler, clock, config),
    upstream,
    new Circuits(clock),
    calls,
    new InFlight(lifecycle, settler, new Admissions(config, metrics, logger), config, logger),
    new AnswerMemory(1_000_000),
    new CallLog(metrics, logger, new CallTimeRecords(readModels, clock, new PeriodicWorkers(logger))),
    clock,
    config,
  );
  app = fastify();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request) => {
    request.caller = { accountId: 'acc', keyId: 'k', rootId: 'k', settings: KEY.settings };
    request.giveUpAt = performance.now() + 10_000;
  });
  app.setErrorHandler((thrown, _request, reply) =>
    thrown instanceof ApiError
      ? reply.status(thrown.status).send(thrown.body)
      : reply
          .status(500)
          .send(thrown instanceof Refused ? { code: thrown.rejection.code } : { thrown: String(thrown) }),
  );
  app.post('/chat', (request, reply) => pipeline.run(CHAT, request, reply));
  app.post('/count', (request, reply) => pipeline.runFree(COUNT_TOKENS, request, reply));
});
afterEach(() => app.close());

const post = (url: '/chat' | '/count', more: object = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], ...more },
  });

/** What has become of the account's calls. */
async function events(): Promise<readonly object[]> {
  const all = await store.readStream('account-acc', 0, 100);
  return all
    .filter(({ type }) => ['HoldPlaced', 'TokensCharged', 'HoldReleased'].includes(type))
    .map(({ type, data }) => ({ type, ...(data as object) }));
}

describe('a call', () => {
  it('is held, answered and charged what the answer’s header says', async () => {
    await grant('1');
    scripts['openai'] = answer(200, COMPLETION);
    const { statusCode, headers, body } = await post('/chat');
    expect([statusCode, body]).toEqual([200, COMPLETION]);
    expect(headers).toMatchObject({ 'x-tokenhub-provider': 'openai', 'x-tokenhub-model': 'gpt-4o' });
    expect(await events()).toMatchObject([
      { type: 'HoldPlaced', chargeId: headers['x-tokenhub-charge-id'] },
      { type: 'TokensCharged', cost: headers['x-tokenhub-cost'], usageRaw: USAGE, provider: 'openai' },
    ]);
  });

  it('streams its answer as it comes, with its cost before the end', async () => {
    await grant('1');
    scripts['openai'] = streaming(HI, chunk({ choices: [], usage: USAGE }), 'data: [DONE]\n\n');
    const { body, headers } = await post('/chat', { stream: true });
    const [held, charged] = (await events()) as { readonly type: string; readonly cost: string }[];
    expect([held?.type, charged?.type]).toEqual(['HoldPlaced', 'TokensCharged']);
    expect(body).toBe(`${HI}: x-tokenhub-cost ${charged?.cost}\n\ndata: [DONE]\n\n`);
    expect(headers['content-type']).toContain('text/event-stream');
  });

  it('costs nothing when its provider refuses it, and says so in the provider’s words', async () => {
    await grant('1');
    scripts['openai'] = error(400, 'bad temperature', { code: 'bad', type: 'invalid_request_error' });
    const answered = await post('/chat');
    expect(answered.statusCode).toBe(400);
    expect(answered.json()).toMatchObject({ error: { message: 'bad temperature', code: 'bad' } });
    expect(await events()).toMatchObject([
      { type: 'HoldPlaced' },
      { type: 'HoldReleased', reason: 'refused_by_provider', attempts: [{ channel: 'openai', status: 400 }] },
    ]);
  });

  it('costs nothing when its stream breaks off without usage, and ends without [DONE]', async () => {
    await grant('1');
    scripts['openai'] = streaming(HI);
    const { statusCode, body } = await post('/chat', { stream: true });
    expect(statusCode).toBe(200);
    expect(body.startsWith(HI)).toBe(true);
    expect(body).toContain('"upstream_error"');
    expect(body).not.toContain('[DONE]');
    expect(await events()).toMatchObject([{ type: 'HoldPlaced' }, { type: 'HoldReleased', reason: 'upstream_error' }]);
  });

  it('is not forwarded when there is no credit for it', async () => {
    expect((await post('/chat')).statusCode).toBe(402);
    expect(upstream.asked).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('is not forwarded while the gateway shuts down', async () => {
    lifecycle.draining = true;
    expect((await post('/chat')).json()).toEqual({ code: 'shutting_down' });
    expect(upstream.asked).toEqual([]);
  });
});

describe('what is remembered of a provider', () => {
  const known = () => {
    const [maker, channelOf] = [calls.ofMaker('openai').since(0), calls.ofChannel('openai').since(0)];
    return { calls: maker.calls, failed: maker.failed, attempts: channelOf.calls, failedAttempts: channelOf.failed };
  };
  const one = { calls: 1, failed: 0, attempts: 1, failedAttempts: 0 };
  beforeEach(() => grant('1'));

  it.each([
    ['answered', answer(200, COMPLETION), {}, one],
    ['refused, which is no failure of the provider', error(400, 'bad temperature'), {}, one],
    ['not answered, with its attempts', error(401, 'bad key'), {}, { ...one, failed: 1, failedAttempts: 1 }],
    ['broken off after it had begun', streaming(HI), { stream: true }, { ...one, failed: 1 }],
  ])('is a call that was %s', async (_case, script, more, expected) => {
    scripts['openai'] = script;
    await post('/chat', more);
    expect(known()).toEqual(expected);
  });

  it('is the last error of a channel, in our words', async () => {
    scripts['openai'] = error(503, 'secret words of the prompt');
    await post('/chat');
    expect(calls.lastErrorOf('openai')).toEqual({ at: NOON, status: 503, reason: 'it answered 503' });
  });
});

describe('a call that costs nothing', () => {
  it('needs no credit, and places no hold', async () => {
    scripts['anthropic'] = answer(200, '{"input_tokens":7}');
    const { statusCode, body } = await post('/count', { model: 'claude-haiku-4-5' });
    expect([statusCode, body]).toEqual([200, '{"input_tokens":7}']);
    expect(await events()).toEqual([]);
  });

  it.each([
    ['no channel of the model can answer it', 'gpt-4o', []],
    ['the provider does not have it', 'claude-haiku-4-5', ['anthropic']],
  ])('is a 404 when %s', async (_case, model, asked) => {
    scripts['anthropic'] = error(404, 'no such path');
    const answered = await post('/count', { model });
    expect(answered.statusCode).toBe(404);
    expect(answered.json()).toMatchObject({ error: { code: 'no_token_count' } });
    expect(upstream.asked).toEqual(asked);
  });
});
