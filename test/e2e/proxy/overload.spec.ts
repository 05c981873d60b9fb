// Modes: embedded. What is overloaded is the event loop of one process.
// More callers than a gateway can serve, with their clients and provider on the same event loop: some are refused early, all others are
// answered and charged, and nothing else is refused.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, chat, COMPLETIONS, errorOf, get, MODEL, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';

const CALLERS = 120;
const FOR_MS = 4_000;
const PAUSE_MS = 20;

let gateway: TestGateway;
let account: TestAccount;
/** Of the callers, whatever they got. */
const answers: Answer[] = [];
/** Of what is no call of a model, in the midst of it. */
let beside: readonly Answer[];
/** The first words of the answer to a call whose body never came. */
let unfinished = '';
let statusesOfClient: number[] = [];
let answersOfClient: number;

beforeAll(async () => {
  gateway = await startGateway({ env: { OVERLOAD_DELAY_MS: '11' } });
  account = await gateway.desk.account('100.00');
  let going = true;
  const caller = async (): Promise<void> => {
    while (going) {
      const answer = await post(gateway.url, account.key, chat('Hi'));
      answers.push(answer);
      if (answer.status !== 200) await pause(PAUSE_MS);
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  await until('the first refusal', () => answers.some(({ status }) => status === 503), 30_000);
  const client = clientThatRetries();
  beside = await Promise.all([
    request(`${gateway.url}/healthz`),
    request(`${gateway.url}/metrics`),
    get(gateway.url, '/v1/models', account.key),
    get(gateway.url, '/v1/account/balance', account.key),
  ]);
  unfinished = await until('a refusal without a body', async () => {
    const text = await headOnly();
    return text.includes(' 503 ') && text;
  });
  await pause(FOR_MS);
  going = false;
  await Promise.all(callers);
  answersOfClient = (await client).length;
}, 120_000);
afterAll(() => gateway.close());

/** OpenAI's own, with more callers than there are places. */
function clientThatRetries(): Promise<readonly unknown[]> {
  const client = new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: account.key,
    maxRetries: 20,
    fetch: async (...args) => {
      const response = await fetch(...args);
      statusesOfClient.push(response.status);
      return response;
    },
  });
  const hello = { model: MODEL, messages: [{ role: 'user' as const, content: 'Hi' }] };
  return Promise.all(Array.from({ length: 20 }, () => client.chat.completions.create(hello)));
}

/** Says that a body comes, and sends none: what it gets within a quarter of a second. */
async function headOnly(): Promise<string> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').on('error', () => undefined);
  const head = [
    `POST ${COMPLETIONS} HTTP/1.1`,
    'host: x',
    `authorization: Bearer ${account.key}`,
    'content-length: 99',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await pause(250);
  socket.destroy();
  return text;
}

const refused = (): Answer[] => answers.filter(({ status }) => status !== 200);
const answered = (): Answer[] => answers.filter(({ status }) => status === 200);

describe('a gateway that has more to do than it can', () => {
  it('refuses some calls, and says when to come again', () => {
    expect(refused().length).toBeGreaterThan(0);
    for (const answer of refused()) {
      expect(errorOf(answer)).toMatchObject({ status: 503, type: 'service_unavailable', code: 'server_overloaded' });
      const seconds = Number(answer.headers.get('retry-after'));
      const milliseconds = Number(answer.headers.get('retry-after-ms'));
      expect([seconds, milliseconds >= 1_000 && milliseconds <= 30_000]).toEqual([
        Math.ceil(milliseconds / 1_000),
        true,
      ]);
    }
    expect(new Set(refused().map(({ headers }) => headers.get('retry-after-ms'))).size).toBeGreaterThan(1);
  });

  it('holds nothing for them, and asks no provider', async () => {
    const refusedIds = new Set(refused().map(({ requestId }) => requestId));
    const held = (await account.eventsOf('HoldPlaced')).map(({ requestId }) => requestId);
    const asked = (await gateway.usageLines()).map(({ requestId }) => requestId ?? '');
    expect([...held, ...asked].filter((id) => refusedIds.has(id))).toEqual([]);
  });

  it('answers and charges all others', async () => {
    expect(answered().length).toBeGreaterThan(CALLERS);
    const charged = (await account.eventsOf('TokensCharged')).map(({ requestId }) => requestId);
    expect(charged).toEqual(expect.arrayContaining(answered().map(({ requestId }) => requestId)));
    expect(await account.ending()).toMatchObject({ released: [], open: 0 });
    expect(charged).toHaveLength(answered().length + answersOfClient);
  });

  it('refuses a call before its body has come, and nothing but calls', () => {
    expect(unfinished).toMatch(/^HTTP\/1\.1 503 [^]*"code":"server_overloaded"/);
    expect(beside.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('counts what it refuses', async () => {
    const { text } = await request(`${gateway.url}/metrics`);
    const count = Number(/^tokenhub_overload_refusals_total (\d+)/m.exec(text)?.[1]);
    expect(count).toBeGreaterThan(refused().length);
    expect(text).toMatch(/^tokenhub_waiting_calls 0$/m);
  });

  it('is what OpenAI’s client tries again by itself, until it is answered', () => {
    expect(statusesOfClient.filter((status) => status === 200)).toHaveLength(answersOfClient);
    expect(statusesOfClient).toContain(503);
  });
});
