// How a gateway starts: with a key to try it at the first time, and with a sentence when it can’t.
// Modes: embedded. A gateway starts on servers alike, and has no file there that could be in use or somebody else’s.
import { access, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chat, get, post } from '../../support/gateway/calls.js';
import { channel, channelsFile, newFolder } from '../../support/gateway/gateway.js';
import { startSandboxProvider } from '../../../sandbox/provider/index.js';
import {
  built,
  Program,
  type RunningGateway,
  startGatewayProcess,
  tokenhub,
} from '../../support/gateway/gateway-process.js';

/** What production does not start without, but for a provider. */
const PRODUCTION = {
  NODE_ENV: 'production',
  SMTP_URL: 'smtp://127.0.0.1:1',
  PEOPLE_SECRET: 'k'.repeat(32),
  STRIPE_SECRET_KEY: 'sk_test_unused',
  STRIPE_WEBHOOK_SECRET: 'whsec_unused',
};
const KEY = /sk-th_[0-9A-Za-z]{60}/;

let files: Awaited<ReturnType<typeof newFolder>>;
let running: RunningGateway[];
beforeEach(async () => {
  files = await newFolder();
  running = [];
});
afterEach(async () => {
  for (const { program } of running) await program.kill('SIGKILL');
  await files.close();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
  const gateway = await startGatewayProcess({ ...files.env, ...env });
  running.push(gateway);
  return gateway;
}

/** Starts a gateway that can't start; what it says. */
async function refused(env: Readonly<Record<string, string>>): Promise<string> {
  const program = new Program('src/main.js', [], { PORT: '0', ...files.env, ...env });
  running.push({ program, url: '' });
  expect(await program.end()).toBe(1);
  expect(program.output, 'no stack, for the person at the terminal can mend it').not.toMatch(/^ +at |"stack"/m);
  expect(program.output).not.toContain('ExceptionHandler');
  return program.stderr;
}

describe('the first start', () => {
  it('prints a key with credit, once; it works, and goes on working after another start', async () => {
    const first = await start();
    const [key = ''] = KEY.exec(first.program.output) ?? [];
    expect(first.program.output).toContain('A demo account with $5.00 of sandbox credit is ready');
    expect((await post(first.url, key, chat('Hi'))).status).toBe(200);
    await first.program.kill('SIGTERM');
    const second = await start();
    expect(second.program.output).not.toMatch(KEY);
    expect((await post(second.url, key, chat('Hi'))).status).toBe(200);
  });

  it('in production prints none, but has prices', async () => {
    const routing = await channelsFile(files.folder, [channel('provider', 'http://127.0.0.1:1')]);
    const gateway = await start({ ...PRODUCTION, ...routing });
    expect(gateway.program.output).not.toMatch(KEY);
    const { accountId } = (await tokenhub(files.env, 'account', 'create')) as { accountId: string };
    const { key } = (await tokenhub(files.env, 'key', 'issue', accountId)) as { key: string };
    expect((await get(gateway.url, '/v1/models/gpt-4o', key)).status).toBe(200);
  });

  it('with channels prints a call of a model that one of them serves, and whose money it is', async () => {
    const sandbox = await startSandboxProvider({});
    const serving = [
      channel('mine', sandbox.url, {
        makers: [],
        servesRetired: false,
        models: { 'gpt-5.6-luna': 'x', 'gpt-4o': 'y' },
      }),
    ];
    const { program, url } = await start(await channelsFile(files.folder, serving));
    const [key = ''] = KEY.exec(program.output) ?? [];
    expect(program.output).toContain('A demo account with $5.00 of credit is ready');
    expect(program.output).toContain('Calls go to your providers, who bill you for them.');
    const [, body = ''] = /-d '(.*)'/.exec(program.output) ?? [];
    expect(body).toContain('"model":"gpt-5.6-luna"');
    expect((await post(url, key, body)).status).toBe(200);
    await sandbox.close();
  });

  it('prints no call where no channel serves a chat model, but how to see what can be called', async () => {
    const serving = [channel('jina', 'http://127.0.0.1:1', { makers: ['jina'] })];
    const { program } = await start(await channelsFile(files.folder, serving));
    expect(program.output).toContain('See what can be called:');
    expect(program.output).not.toMatch(/chat\/completions|No model can be called/);
  });

  it('says that nothing can be called where no channel serves anything, and what to do', async () => {
    const serving = [channel('none', 'http://127.0.0.1:1', { makers: [] })];
    const { program } = await start(await channelsFile(files.folder, serving));
    expect(program.output).toContain('No model can be called yet');
    expect(program.output).toContain('Name models or makers in CHANNELS_FILE');
    expect(program.output).not.toContain('curl');
  });

  it('after the command line was used has prices all the same', async () => {
    const { accountId } = (await tokenhub(files.env, 'account', 'create', '--credit', '1.00')) as { accountId: string };
    const { key } = (await tokenhub(files.env, 'key', 'issue', accountId)) as { key: string };
    const gateway = await start();
    expect((await post(gateway.url, key, chat('Hi'))).status).toBe(200);
  });
});

/** An option of Node: print, at the end, what an expression comes to. */
const printAtEnd = (expression: string): string => {
  const code = `import { findSourceMap } from 'node:module';
    process.on('exit', () => console.log(JSON.stringify(${expression})))`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
};

/** What an expression comes to in a gateway that can't start with these variables. */
async function whenRefused(env: Readonly<Record<string, string>>, expression: string): Promise<unknown> {
  const program = new Program('src/main.js', [], { ...files.env, ...env, NODE_OPTIONS: printAtEnd(expression) });
  running.push({ program, url: '' });
  expect(await program.end()).toBe(1);
  return JSON.parse(program.stdout);
}

const GATEWAY = 'src/bundle/start-gateway.js';

it.runIf(process.platform === 'linux')('has the C library give memory back, unless it is told how', async () => {
  const variables = '[process.env.MALLOC_MMAP_THRESHOLD_, process.env.MALLOC_ARENA_MAX, process.execArgv.length]';
  expect(await whenRefused({ PORT: 'x' }, variables)).toEqual(['131072', '2', 0]);
  expect(await whenRefused({ PORT: 'x', MALLOC_ARENA_MAX: '8' }, variables)).toEqual(['131072', '8', 0]);
});

it('reads the source maps of our own modules, so that traces name TypeScript, and keeps none of packages in memory', async () => {
  const sources = `findSourceMap(${JSON.stringify(built(GATEWAY))}).payload.sources`;
  const mapped = (await whenRefused({ CHANNELS_FILE: join(files.folder, 'none.json') }, sources)) as string[];
  expect(mapped).toContainEqual(expect.stringMatching(/src\/gateway\.ts$/));
  expect(mapped.filter((file) => file.includes('node_modules'))).toEqual([]);
});

it('tells what is wrong with its variables before it loads the gateway, which takes a second', async () => {
  const paths = JSON.stringify(['src/bundle/serve.js', GATEWAY].map(built));
  const mapped = await whenRefused({ PORT: 'x' }, `${paths}.filter((file) => findSourceMap(file))`);
  expect(mapped).toEqual([built('src/bundle/serve.js')]);
});

describe('a start on a ledger whose price list lacks models', () => {
  it('names those that a channel serves, and the command that adds them and keeps the other prices', async () => {
    const own = join(files.folder, 'prices.json');
    const price = { input: '7', output: '9' };
    await writeFile(own, JSON.stringify({ models: [{ model: 'gpt-4o', bands: [{ price }] }] }));
    await tokenhub(files.env, 'prices', 'publish', own);
    const models = { 'gpt-4o': 'a', 'gpt-5.6-luna': 'b', 'claude-haiku-4-5': 'c' };
    const routing = await channelsFile(files.folder, [channel('mine', 'http://127.0.0.1:1', { makers: [], models })]);
    const env = { LOG_LEVEL: 'warn', ...routing };
    const lacking = (await start(env)).program;
    expect(lacking.output).toContain('can’t be called: gpt-5.6-luna, claude-haiku-4-5.');
    expect(lacking.output).toContain('tokenhub prices publish --missing');
    await lacking.kill('SIGTERM');
    await tokenhub(files.env, 'prices', 'publish', '--missing');
    expect(await tokenhub(files.env, 'prices', 'show', '--model', 'gpt-4o')).toMatchObject({
      version: 2,
      models: [{ bands: [{ price }] }],
    });
    expect((await start(env)).program.output).not.toContain('can’t be called');
  });
});

describe('a gateway that can’t start says why:', () => {
  it('another gateway is running on its ledger', async () => {
    await start();
    const sentence = await refused({});
    expect(sentence).toContain('is in use by another token-hub gateway');
    expect(sentence).toContain('EVENT_STORE_URL');
  });

  it('in production, no provider is configured', async () => {
    const sentence = await refused(PRODUCTION);
    expect(sentence).toMatch(/^A sandbox is for trying token-hub on one’s own machine, .*beside what is real/);
    expect(sentence).toMatch(/No model provider is configured, .*OPENAI_API_KEY[^]*NODE_ENV=production/);
  });

  it('in production, there is no secret for what is kept of people', async () => {
    const withProvider = { ...PRODUCTION, OPENAI_API_KEY: 'unused' };
    expect(await refused({ ...withProvider, PEOPLE_SECRET: '' })).toMatch(/^PEOPLE_SECRET is not set/);
  });

  it('anybody could tell it of payments', async () =>
    expect(await refused({ STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: '' })).toMatch(
      /^STRIPE_SECRET_KEY is set and STRIPE_WEBHOOK_SECRET is not/,
    ));

  it('variables have values that can’t be used, all of them named', async () => {
    const text = await refused({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      OPENAI_API_KEY: ' '.repeat(0),
      TRUST_PROXY: 'maybe',
    });
    for (const fault of ['PORT="eighty"', 'LOG_LEVEL="loud"', 'TRUST_PROXY="maybe"']) expect(text).toContain(fault);
  });

  it('the channels file is not there, or is wrong', async () => {
    const path = join(files.folder, 'channels.json');
    expect(await refused({ CHANNELS_FILE: path })).toContain(`CHANNELS_FILE=${path} can’t be read`);
    await writeFile(path, '{"channels":[{"name":"a","baseUrl":"ftp://x"}]}');
    expect(await refused({ CHANNELS_FILE: path })).toContain('channels[0].baseUrl');
    const channels = [channel('a', 'http://127.0.0.1:1', { models: { 'gpt-99': 'x' } })];
    expect(await refused(await channelsFile(files.folder, channels))).toMatch(
      /channel "a" names the model "gpt-99".*MODELS_FILE/,
    );
  });

  it('the models file is not there, or is wrong', async () => {
    const path = join(files.folder, 'models.json');
    expect(await refused({ MODELS_FILE: path })).toContain(`MODELS_FILE=${path} can’t be read`);
    await writeFile(path, '{"models":[{"id":"m"}]}');
    expect(await refused({ MODELS_FILE: path })).toContain('models[0].contextWindow');
  });

  it('its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const sentence = `PORT=${port} can’t be used: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Another program`;
    expect(await refused({ PORT: port })).toContain(sentence);
    const waiting = { EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false', PORT: port };
    expect(await refused(waiting), 'nor wait there for its ledger').toContain(sentence);
    server.close();
  });

  it.each(['no-such-host.invalid', 'http://127.0.0.1', '192.0.2.1'])(
    'its address is none of this machine: %s',
    async (host) =>
      expect(await refused({ HOST: host })).toMatch(/^HOST=.* can’t be used: .*This machine has no such address/),
  );

  it('the key of its ledger is gone', async () => {
    const { program } = await start();
    await program.kill('SIGKILL');
    const key = join(files.folder, 'events.db.key');
    await rm(key);
    expect(await refused({})).toMatch(
      /^LEDGER_KEY_FILE: the ledger .* has events by the key [0-9a-f]{8}, and .* is not there/,
    );
    await expect(access(key)).rejects.toThrow('ENOENT');
  });

  it.runIf(process.platform === 'linux')('its ledger is named where no file can be made', async () => {
    const said = "/proc/none/events.db can't be opened as a token-hub event store";
    expect(await refused({ EVENT_STORE_URL: 'sqlite:/proc/none/events.db' })).toContain(said);
  });

  it('its file belongs to another program', async () => {
    await writeFile(join(files.folder, 'events.db'), 'something else entirely, and long enough to be a file');
    expect(await refused({})).toContain('is not a token-hub event store. It was left as it is');
  });
});
