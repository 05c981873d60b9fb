// Modes: embedded. Which channel is taken has nothing to do with stores, and each gateway judges channels for itself.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd } from '../../../src/kernel/index.js';
import { chat, errorOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import { readStream } from '../../support/gateway/streams.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  refusing,
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let first: ScriptedUpstream;
let second: ScriptedUpstream;
beforeAll(async () => {
  first = await startUpstream(answering());
  second = await startUpstream(answering());
  gateway = await startGateway({
    env: { UPSTREAM_FIRST_BYTE_TIMEOUT_MS: '1500', UPSTREAM_IDLE_TIMEOUT_MS: '1500' },
    channels: () => [
      channel('first', first.url, { order: 1, models: { 'gpt-4o-mini': 'mini-at-first' } }),
      channel('second', second.url, { order: 2, models: { 'gpt-4o-mini': 'mini-at-second' } }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await first.close();
  await second.close();
});
beforeEach(() => {
  first.calls.length = 0;
  second.calls.length = 0;
  second.script = answering(usageBlock(20, 30));
});

// gpt-4o-mini: $0.15 per million prompt tokens, $0.60 per million completion tokens.
const cost = (prompt: bigint, completion: bigint) => formatUsd(picoUsd(prompt * 150_000n + completion * 600_000n));
const hang: Script = () => undefined;
const die: Script = ({ response }) => response.destroy();

async function call(script: Script, stream = false) {
  first.script = script;
  const account = await gateway.desk.account();
  const answer = await post(gateway.url, account.key, chat('Hi', { stream }));
  return { account, answer };
}

describe('the second channel answers when the first', () => {
  it.each<[string, Script, number | null, string]>([
    ['fails', refusing(500, { message: 'oops' }), 500, '500'],
    ['is overloaded', refusing(503, { message: 'busy' }), 503, '503'],
    ['limits the rate', refusing(429, { message: 'slow down' }), 429, '429'],
    ['refuses the gateway’s key', refusing(401, { message: 'bad key' }), 401, '401'],
    ['has no credit of the gateway’s left', refusing(402, { message: 'Insufficient Balance' }), 402, '402'],
    ['does not know the model', refusing(404, { message: 'no model' }), 404, '404'],
    ['breaks the connection', die, null, 'connection failed'],
    ['does not answer', hang, null, 'no answer within 1500 ms'],
  ])('%s', async (_case, script, status, error) => {
    const { account, answer } = await call(script);
    expect(answer.status).toBe(200);
    const charge = await account.charge();
    expect(charge).toMatchObject({ provider: 'second', upstreamModel: 'mini-at-second', cost: cost(20n, 30n) });
    expect(charge.attempts).toEqual([
      { channel: 'first', status, error: expect.stringContaining(error) as string },
      { channel: 'second', status: 200 },
    ]);
    expect(await account.ending()).toEqual(charged(cost(20n, 30n)));
  });

  it('has nothing to say about a stream either', async () => {
    second.script = streaming(contentFrame('Hello.'), usageFrame(usageBlock(7, 9)), DONE);
    const { account, answer } = await call(refusing(500, { message: 'oops' }), true);
    expect(readStream(answer.text)).toMatchObject({ content: 'Hello.', done: true });
    expect(await account.charge()).toMatchObject({ provider: 'second', cost: cost(7n, 9n) });
  });
});

it('sends both channels the same request, each under its own name of the model', async () => {
  const { answer } = await call(refusing(500, { message: 'oops' }));
  const [one, two] = [first.calls[0], second.calls[0]];
  expect([one?.body['model'], two?.body['model']]).toEqual(['mini-at-first', 'mini-at-second']);
  expect({ ...one?.body, model: '' }).toEqual({ ...two?.body, model: '' });
  expect([one?.headers['x-request-id'], two?.headers['x-request-id']]).toEqual([answer.requestId, answer.requestId]);
});

it('does not ask another channel when the request itself is at fault', async () => {
  const { account, answer } = await call(refusing(400, { message: 'bad request' }));
  expect(errorOf(answer).status).toBe(400);
  expect(second.calls).toHaveLength(0);
  expect(await account.ending()).toEqual(released('refused_by_provider'));
});

describe('an overload that is told within an answer of 200', () => {
  const overload = { error: { message: 'Overloaded', type: 'overloaded_error' } };

  it('is failed over, plain', async () => {
    const { account, answer } = await call(({ response }) => sendJson(response, 200, overload));
    expect(answer.status).toBe(200);
    expect(await account.charge()).toMatchObject({
      provider: 'second',
      attempts: [
        { channel: 'first', status: 200, error: 'it reported an error within its answer (overloaded_error)' },
        { channel: 'second', status: 200 },
      ],
    });
  });

  it('is failed over as the first event of a stream, also after comments', async () => {
    second.script = streaming(contentFrame('Hello.'), usageFrame(usageBlock(7, 9)), DONE);
    const { account, answer } = await call(streaming(': PROCESSING\n\n', frame(overload)), true);
    expect(readStream(answer.text)).toMatchObject({ content: 'Hello.', done: true });
    expect(await account.charge()).toMatchObject({ provider: 'second', cost: cost(7n, 9n) });
  });

  it('breaks a stream off that has begun, and keeps its code and param', async () => {
    const told = { error: { message: 'Failed to call a function.', code: 'tool_use_failed', param: 'tools' } };
    const { answer } = await call(streaming(contentFrame('Hel'), `event: error\n${frame(told)}`), true);
    const { content, error } = readStream(answer.text);
    expect(content).toBe('Hel');
    expect(error).toMatchObject({ code: 'tool_use_failed', param: 'tools', type: 'upstream_error' });
  });
});

describe('what is no answer, under a status of 200, is failed over', () => {
  const page: Script = ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');

  it.each<[string, Script, string]>([
    ['a web page', page, 'the answer is not valid JSON'],
    ['null', ({ response }) => response.writeHead(200).end('null'), 'the answer is not a JSON object'],
    [
      'an object without choices',
      ({ response }) => sendJson(response, 200, { success: false, msg: 'unavailable' }),
      'the answer has no choices',
    ],
    [
      'MiniMax’s error',
      ({ response }) => sendJson(response, 200, { choices: null, base_resp: { status_code: 1008 } }),
      'it reported an error within its answer',
    ],
  ])('%s, plain', async (_case, script, error) => {
    const { account, answer } = await call(script);
    expect(answer.status).toBe(200);
    const { attempts } = await account.charge();
    expect(attempts).toEqual([
      { channel: 'first', status: 200, error },
      { channel: 'second', status: 200 },
    ]);
  });

  it('a web page in the place of a stream', async () => {
    second.script = streaming(contentFrame('Hello.'), usageFrame(usageBlock(7, 9)), DONE);
    const { account, answer } = await call(page, true);
    expect(readStream(answer.text)).toMatchObject({ content: 'Hello.', done: true });
    expect(await account.charge()).toMatchObject({ provider: 'second', cost: cost(7n, 9n) });
  });

  it('and is a failure where there is no other channel, told to the client, whoever it is', async () => {
    second.script = ({ response }) => sendJson(response, 200, { success: false, code: 500, msg: 'No channel' });
    const { account, answer } = await call(page);
    expect(errorOf(answer)).toMatchObject({
      status: 502,
      message: expect.stringContaining('has no choices') as string,
    });
    expect(await account.ending()).toEqual(released('upstream_error'));
  });
});

it('does not ask another channel once a byte has reached the client', async () => {
  const breaksOff: Script = ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(contentFrame('Hel'), () => response.destroy());
  };
  const { account, answer } = await call(breaksOff, true);
  expect(readStream(answer.text)).toMatchObject({ content: 'Hel', done: false });
  expect(second.calls).toHaveLength(0);
  expect(await account.ending()).toEqual(released('upstream_error'));
});

it('releases the hold and records every attempt when all channels fail, twice each at least', async () => {
  second.script = refusing(500, { message: 'busy' });
  const { account, answer } = await call(refusing(500, { message: 'oops' }));
  expect(errorOf(answer)).toMatchObject({ status: 502, type: 'upstream_error' });
  expect(errorOf(answer).message).toContain('it answered 500: oops');
  expect(await account.ending()).toEqual(released('upstream_error'));
  const [release] = await account.eventsOf('HoldReleased');
  expect(release?.attempts?.map(({ channel: name, status }) => [name, status])).toEqual([
    ['first', 500],
    ['second', 500],
    ['first', 500],
    ['second', 500],
    ['first', 500],
  ]);
});

it('tries a single channel again when its failure may pass, and the client sees nothing of it', async () => {
  let calls = 0;
  second.script = refusing(404, { message: 'no model' });
  const { account, answer } = await call((asked) => (++calls < 3 ? die(asked) : answering(usageBlock(20, 30))(asked)));
  expect(answer.status).toBe(200);
  expect(await account.ending()).toEqual(charged(cost(20n, 30n)));
  expect((await account.charge()).attempts.map(({ channel: name, status }) => [name, status])).toEqual([
    ['first', null],
    ['second', 404],
    ['first', null],
    ['first', 200],
  ]);
});

it('stays with one channel for an account, and spreads accounts over channels of the same order', async () => {
  const twins = await startGateway({
    channels: () => [channel('a', first.url), channel('b', second.url)],
  });
  first.script = second.script = answering();
  const favourites = new Set<string>();
  // Which one it is depends on the account's random id: there are as many as it takes.
  for (let n = 0; n < 12 || (n < 64 && favourites.size < 2); n++) {
    const account = await twins.desk.account();
    for (let time = 0; time < 3; time++) await post(twins.url, account.key, chat('Hi'));
    const providers = new Set((await account.eventsOf('TokensCharged')).map(({ provider }) => provider));
    expect(providers.size).toBe(1);
    favourites.add([...providers].join());
  }
  expect([...favourites].toSorted()).toEqual(['a', 'b']);
  await twins.close();
});
