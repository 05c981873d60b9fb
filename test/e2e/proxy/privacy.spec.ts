// Prompts, completions, keys and the provider's secret are in no log line and in no store, whatever happens to a call.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from '../../../sandbox/provider/index.js';
import { chat, COMPLETIONS, MODEL, post, request } from '../../support/gateway/calls.js';
import { channel, channelsFile, newFolder, UPSTREAM_KEY } from '../../support/gateway/gateway.js';
import { RunningGateways } from '../../support/gateway/gateway-process.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { until } from '../../support/gateway/until.js';
import {
  contentFrame,
  DONE,
  frame,
  refusing,
  sendJson,
  type Script,
  type ScriptedUpstream,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

const PROMPT = 'marker-prompt-7f3a';
const COMPLETION = 'marker-completion-9c2e';
const CREDENTIAL = 'marker-credential-4b1d';
const URL_MARKER = 'marker-url-5e8f';

let gateway: RunningGateways;
let office: Office;
let account: TestAccount;
let sandbox: SandboxProvider;
let scripted: ScriptedUpstream;
let files: Awaited<ReturnType<typeof newFolder>>;

beforeAll(async () => {
  files = await newFolder();
  sandbox = await startSandboxProvider();
  scripted = await startUpstream(refusing(500, PROMPT));
  const channels = [
    channel('sandbox', sandbox.url, { makers: ['openai'] }),
    channel('scripted', scripted.url, { makers: ['deepseek'] }),
  ];
  const env = { ...files.env, ...(await channelsFile(files.folder, channels)) };
  const limits = { BODY_LIMIT_BYTES: '16384', UPSTREAM_IDLE_TIMEOUT_MS: '1000', CLIENT_GONE_TIMEOUT_MS: '1000' };
  gateway = await RunningGateways.start({ ...env, ...limits, LOG_LEVEL: 'trace' });
  office = await openOffice(env);
  account = await office.desk.account('5.00', { requestsPerMinute: 1_000 });
});

afterAll(async () => {
  await office.close();
  await gateway.kill('SIGKILL');
  await sandbox.close();
  await scripted.close();
  await files.close();
});

const call = (more = {}, key = account.key) => post(gateway.url, key, chat(PROMPT, more));
const directed = (directive: string, more = {}) =>
  post(gateway.url, account.key, chat(`[[sandbox ${directive}]] ${PROMPT}`, more));
const STREAM = { stream: true };

/** The provider answers as the script says. */
const scriptedCall = (script: Script, more = {}) => {
  scripted.script = script;
  return call({ model: 'deepseek-chat', ...more });
};

async function answered() {
  const statuses = [
    await call(),
    await call(STREAM),
    await directed('fault=no_usage'),
    await directed('fault=crlf', STREAM),
  ];
  const usage = usageBlock(1, 1);
  const choices = [{ index: 0, message: { role: 'assistant', content: COMPLETION } }];
  statuses.push(await scriptedCall(({ response }) => sendJson(response, 200, { choices, usage })));
  statuses.push(await scriptedCall(streaming(contentFrame(COMPLETION), usageFrame(), DONE), STREAM));
  for (const { status } of statuses) expect(status).toBe(200);
}

async function refusedHere() {
  const poor = await office.desk.account('0.00');
  const slow = await office.desk.account('1.00', { requestsPerMinute: 1 });
  const tooMany = await until('the limit', async () => {
    const answer = await call({}, slow.key);
    return answer.status !== 200 && answer;
  });
  const answers = [
    [await call({}, poor.key), 402],
    [tooMany, 429],
    [await call({ model: PROMPT }), 404],
    [await call({ max_tokens: PROMPT }), 400],
    [await post(gateway.url, account.key, `{"messages":"${PROMPT}`), 400],
    [await call({ padding: 'x'.repeat(20_000) }), 413],
    [await call({}, `sk-th_${CREDENTIAL}`), 401],
    [await call({}, `${account.key.slice(0, -1)}-`), 401],
    [await request(`${gateway.url}${COMPLETIONS}`, { headers: { authorization: `Basic ${CREDENTIAL}` } }), 404],
    [await request(`${gateway.url}/${URL_MARKER}?${PROMPT}`), 404],
    [await request(`${gateway.url}/%E0%A4%A${URL_MARKER}`), 400],
  ] as const;
  for (const [{ status }, expected] of answers) expect(status).toBe(expected);
}

async function refusedThere() {
  const messages = [{ role: PROMPT, content: 'Hi' }];
  const answers = [
    await post(gateway.url, account.key, { model: MODEL, messages }),
    await directed('fault=status_500'),
    await directed('fault=half_json'),
    await directed('fault=html_502', STREAM),
    await directed('fault=die'),
    await scriptedCall(refusing(400, { message: PROMPT, code: PROMPT.repeat(20), param: PROMPT })),
    await scriptedCall(refusing(500, PROMPT)),
    await scriptedCall(({ response }) => response.end(COMPLETION)),
    await scriptedCall(streaming(frame({ error: { message: PROMPT } })), STREAM),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 502, 502, 502, 502, 400, 502, 502, 502]);
}

async function brokenOff() {
  await directed('fault=die_midstream', STREAM);
  await directed('fault=hang_midstream', STREAM);
  await scriptedCall(streaming(contentFrame(COMPLETION), frame({ error: { message: COMPLETION } })), STREAM);
  await scriptedCall(
    streaming(contentFrame(COMPLETION), `data: {"choices":[{"delta":{"content":"${COMPLETION}`),
    STREAM,
  );
  const client = new RawClient(
    gateway.url,
    account.key,
    chat(`[[sandbox chunks=99 chunk_delay=20]] ${PROMPT}`, STREAM),
  );
  await client.read();
  await until('a chunk', () => client.text.length > 0);
  client.leave();
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.end(`GET / HTTP/1.1\r\n${CREDENTIAL}\r\n\r\n`);
  await new Promise((resolve) =>
    socket
      .on('error', () => undefined)
      .once('close', resolve)
      .resume(),
  );
  await until('the end of all calls', async () => (await account.ending()).open === 0);
}

describe('after calls that', () => {
  it.each([
    ['were answered', answered],
    ['the gateway refused', refusedHere],
    ['the provider refused', refusedThere],
    ['broke off', brokenOff],
  ])('%s, nothing is found', async (_case, calls) => {
    await calls();
    await expectNoMarker();
  });

  it('and none of them is told to have failed in the gateway', () => {
    expect(gateway.output).not.toContain('request failed');
  });

  it('and after the gateway has stopped, nothing is found', async () => {
    await gateway.kill('SIGTERM');
    expect(gateway.output).toContain('"msg":"call"');
    await expectNoMarker();
  });
});

async function expectNoMarker(): Promise<void> {
  const secret = account.key.slice(28, 60);
  const markers = [PROMPT, COMPLETION, CREDENTIAL, UPSTREAM_KEY, account.key, secret, 'Sandbox answer'];
  const stored = await files.contents();
  expect(stored.get('events'), 'what is stored can be found there').toContain(account.keyId);
  for (const [name, text] of [...stored, ['the output', gateway.output] as const]) {
    for (const marker of markers) expect(text.includes(marker), `${marker} in ${name}`).toBe(false);
  }
}
