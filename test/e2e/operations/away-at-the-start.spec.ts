// A gateway, and commands, that are started while their stores are away, or can't be used.
// Modes: embedded. It brings stores of its own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPort } from '../../support/network/own-port.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { newFolder, UNLIMITED } from '../../support/gateway/gateway.js';
import { Program } from '../../support/gateway/gateway-process.js';
import { until } from '../../support/gateway/until.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let server: EventStoreServer | undefined;
beforeAll(async () => {
  files = await newFolder();
});
afterAll(async () => {
  await server?.stop();
  await files.close();
});

const start = (file: string, args: readonly string[], env: Readonly<Record<string, string>>): Program =>
  new Program(file, args, { PORT: '0', ...files.env, ...env });

/** What a program says that ends by itself. */
async function saidAtTheEnd(program: Program): Promise<{ code: number | string; lines: readonly string[] }> {
  const code = await program.end();
  return { code, lines: program.output.trim().split('\n') };
}

describe('a gateway that is started without its event store', () => {
  let program: Program;
  let port: number;
  let url: string;
  beforeAll(async () => {
    port = await ownPort();
    const own = await ownPort();
    url = `http://127.0.0.1:${own}`;
    program = start('src/main.js', [], {
      ...UNLIMITED,
      PORT: String(own),
      EVENT_STORE_URL: `esdb://127.0.0.1:${port}?tls=false`,
    });
    await program.printed(/"EVENT_STORE_URL"/);
  });
  afterAll(() => program.kill('SIGKILL'));
  const lines = (): readonly string[] => program.stdout.split('\n').filter((line) => line.startsWith('{'));

  it('listens, and says what it waits for', async () => {
    expect(await request(`${url}/healthz`)).toMatchObject({ status: 200 });
    const readiness = await request(`${url}/readyz`);
    const cause = `EVENT_STORE_URL: no event store can be used at 127.0.0.1:${port} (`;
    expect(readiness.status).toBe(503);
    expect(jsonOf(readiness)).toMatchObject({
      status: 'not ready',
      checks: { eventStore: 'down' },
      reasons: { eventStore: expect.stringContaining(cause) },
    });
    const refused = await post(url, 'sk-th_none', { model: 'gpt-4o', messages: [] });
    expect(errorOf(refused)).toMatchObject({ status: 503, type: 'service_unavailable', code: 'service_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.requestId).toMatch(/^req_/);
    const messages = await request(`${url}/v1/messages`, { method: 'POST', body: '{}' });
    expect(jsonOf(messages)).toMatchObject({ type: 'error', error: { message: expect.stringContaining('ledger') } });
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // several looks
    expect(lines().map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        level: 40,
        variable: 'EVENT_STORE_URL',
        msg: expect.stringMatching(/ECONNREFUSED.*\. Start it, or correct the address\. The gateway waits/),
      },
    ]);
  });

  it('goes on by itself when it comes', async () => {
    server = await EventStoreServer.start(port);
    await until('the gateway is ready', async () => {
      const answer = await request(`${url}/readyz`).catch(() => undefined);
      return answer?.status === 200;
    });
    await program.printed(/the ledger is there.*[^]*listens on/);
    expect(program.output).not.toMatch(/^ +at /m);
  });

  it('writes at most ten lines in ten seconds of an outage, of a hundred calls a second', async () => {
    const [, key = ''] = /(sk-th_[0-9A-Za-z]{60})/.exec(program.output) ?? [];
    const call = () => post(url, key, chat('Hi', { max_tokens: 5 }));
    expect((await call()).status).toBe(200);
    await server?.goDown();
    const before = lines().length;
    const calls: Promise<{ readonly status: number }>[] = [];
    const ended = performance.now() + 10_000;
    while (performance.now() < ended) {
      calls.push(...Array.from({ length: 10 }, call));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const told = lines().slice(before);
    expect(told.length, told.join('\n')).toBeLessThanOrEqual(10);
    expect(told.join('\n')).toMatch(/calls are refused: .*"times":\d{2,}|"times":\d{2,}.*calls are refused: /);
    const statuses = new Set((await Promise.all(calls)).map(({ status }) => status));
    expect(statuses).toEqual(new Set([503]));
    await server?.comeBack();
    await until('a call is answered again', async () => (await call()).status === 200);
  });
});

it('what nobody but a person can mend ends a gateway, and a command, with one line', async () => {
  await server?.stop();
  server = await EventStoreServer.start();
  server.users.set('tokenhub', { password: 'right', admin: true });
  const env = { EVENT_STORE_URL: `esdb://127.0.0.1:${server.port}?tls=false` };
  const gateway = saidAtTheEnd(start('src/main.js', [], env));
  const missing = { EVENT_STORE_URL: `esdb://127.0.0.1:${server.port}?tlsCaFile=/nope` };
  const command = await saidAtTheEnd(start('src/cli.js', ['account', 'create', '--reference', 'x'], missing));
  const file = /^tokenhub: EVENT_STORE_URL: its connection string names the file \/nope, which can't be read/;
  expect(command).toEqual({ code: 1, lines: [expect.stringMatching(file)] });
  const user = /^EVENT_STORE_URL: the event store lets only users it knows .*docs\/operating\.md/;
  expect(await gateway).toEqual({ code: 1, lines: [expect.stringMatching(user)] });
});

it('a command whose event store is away ends with one line, and tells scripts to try again', async () => {
  const env = { EVENT_STORE_URL: `esdb://127.0.0.1:${await ownPort()}?tls=false` };
  const waiting = start('src/main.js', [], env);
  const outcome = await saidAtTheEnd(start('src/cli.js', ['account', 'create', '--reference', 'x'], env));
  const line = /^tokenhub: EVENT_STORE_URL: no event store can be used at .*\. Start it, or correct the address\.$/;
  expect(outcome).toEqual({ code: 69, lines: [expect.stringMatching(line)] });
  await waiting.printed(/"EVENT_STORE_URL"/);
  waiting.signal('SIGTERM');
  expect(await waiting.end(), 'a gateway that waits ends when it is told to').toBe(0);
});

it('a gateway that is started without MongoDB takes calls, and says what it does without', async () => {
  const at = `mongodb://127.0.0.1:${await ownPort()}/x`;
  const program = start('src/main.js', [], { READ_MODEL_URL: at });
  const [, url = ''] = await program.printed(/listens on (http:\S+)\/v1/);
  const [, key = ''] = /(sk-th_[0-9A-Za-z]{60})/.exec(program.output) ?? [];
  expect((await post(url, key, { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })).status).toBe(
    200,
  );
  expect(await request(`${url}/readyz`)).toMatchObject({ status: 200 });
  expect(program.output).toMatch(/"variable":"READ_MODEL_URL".*ECONNREFUSED.*Calls go on without it/);
  await program.kill('SIGTERM');
});
