// The command line, told as the story of an account.
// Modes: embedded. No gateway runs here; users.spec.ts runs the command line on servers, too.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../../src/operations/index.js';
import { newFolder } from '../support/gateway/gateway.js';
import { runCommand } from '../support/command-line.js';
import { built, Running, withReference } from '../support/gateway/gateway-process.js';
import { CAN_MOUNT, mountSmallDisk } from '../support/small-disk.js';

let files: Awaited<ReturnType<typeof newFolder>>;

/** Runs the command line on the test's own ledger. */
const tokenhub = (...args: string[]) => runCommand(withReference(args), files.env);

/** Runs a line of a shell in which `tokenhub` stands for the built command line; returns what went to standard error. */
async function shell(line: string): Promise<string> {
  const command = `tokenhub() { "${process.execPath}" "${built('src/cli.js')}" "$@"; }`;
  const running = new Running(['sh', '-c', `${command}; ${line}`], files.env);
  await running.end();
  return running.stderr;
}

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await tokenhub('--json', ...args);
  expect(`${code} ${stderr}`).toBe('0 ');
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  files = await newFolder();
});
afterAll(() => files.close());

describe('tokenhub', () => {
  it('tells the story of an account', async () => {
    const { accountId } = await json<{ accountId: string }>('account', 'create', '--credit', '5');
    expect(await json('account', 'show', accountId)).toMatchObject({ balance: '5.00', available: '5.00', keys: 0 });
    const { key, keyId } = await json<{ key: string; keyId: string }>(
      'key',
      'issue',
      accountId,
      '--name',
      'ci',
      '--rpm',
      '7',
      '--tpm',
      '9000',
      '--parallel',
      '3',
    );
    expect(key).toMatch(/^sk-th_[0-9A-Za-z]{60}$/);
    expect(await json('key', 'list', accountId)).toMatchObject([
      { keyId, name: 'ci', rpm: 7, tpm: 9000, parallel: 3, status: 'active' },
    ]);
    const before = new Date().toISOString();
    await json('account', 'credit', accountId, '2.50', '--reason', 'goodwill');
    expect(await json('balance', accountId)).toMatchObject({ balance: '7.50' });
    expect(await json('balance', accountId, '--as-of', before)).toMatchObject({ balance: '5.00' });
    await json('key', 'revoke', accountId, keyId, '--reason', 'lost');
    expect(await json('key', 'list', accountId)).toMatchObject([{ status: 'revoked' }]);
    await json('account', 'suspend', accountId, '--reason', 'dispute');
    expect(await json('account', 'list')).toMatchObject([{ accountId, balance: '7.50', suspended: true }]);
    await json('account', 'reinstate', accountId, '--reason', 'settled');
    expect(await json('account', 'close', accountId, '--reason', 'asked for it')).toMatchObject({ closed: true });
    expect((await tokenhub('key', 'issue', accountId, '--name', 'late')).stderr).toContain('This account is closed.');
    expect(await json('account', 'list')).toMatchObject([{ accountId, closed: true }]);
    const events = await json<{ type: string; data: { by?: string } }[]>('account', 'events', accountId);
    expect(events.map(({ type }) => type)).toEqual([
      'AccountOpened',
      'CreditGranted',
      'KeyIssued',
      'CreditGranted',
      'KeyRevoked',
      'AccountSuspended',
      'AccountReinstated',
      'AccountClosed',
    ]);
    // Nobody has registered: there is nobody to name.
    expect(events.filter(({ data }) => data.by !== 'console')).toEqual([]);
    expect(await json('verify')).toMatchObject({ faults: [], accounts: 1, events: 8 });
  });

  it('publishes prices, from a file as it prints them', async () => {
    expect(await json('prices', 'publish')).toMatchObject({ status: 'published', version: 1 });
    const list = await json<{ models: { model: string; bands: { price: { input: string } }[] }[] }>(
      'prices',
      'show',
      '--model',
      'gpt-4o',
    );
    expect(list.models[0]?.bands[0]?.price.input).toBe('2.5');
    const file = join(files.folder, 'prices.json');
    await writeFile(file, JSON.stringify(list).replace('"2.5"', '"2.75"'));
    const gone = { level: 'warning', code: 'model_gone', path: 'gpt-4o-mini' };
    expect(await json('prices', 'check', file)).toContainEqual(expect.objectContaining(gone));
    const publish = ['prices', 'publish', file, '--reason', 'dearer', '--expect', '1'];
    expect((await tokenhub(...publish)).stderr).toMatch(/may be a mistake:\n- .* can’t be called[^]*repeat .* --yes/);
    expect(await json(...publish, '--yes')).toMatchObject({ version: 2, models: 1 });
    expect(await json('prices', 'list')).toMatchObject([
      { version: 1, state: 'superseded' },
      { version: 2, state: 'in_force', by: 'console', reason: 'dearer' },
    ]);
    expect(await json('prices', 'diff', '1', '2', '--model', 'gpt-4o')).toMatchObject({
      changes: [expect.anything(), { of: 'price', kind: 'input', from: '2.50', to: '2.75', percent: '+10.00 %' }],
    });
    await writeFile(file, JSON.stringify(list).replace('"2.5"', '"-2.5"').replace('gpt-4o', 'gpt-99'));
    const { code, stdout } = await tokenhub('prices', 'check', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/gpt-99[^]*negative|negative[^]*gpt-99/);
  });

  it('imports what providers charge: first what would change, then as a new version', async () => {
    await json('prices', 'publish');
    const own = join(files.folder, 'data.json');
    const prices = '{"input_mtok": 2.50, "cache_read_mtok": 0.250000, "output_mtok": 12.5}';
    const match = '{"equals": "gpt-6-luna"}';
    await writeFile(own, `[{"id":"openai","models":[{"id":"gpt-6-luna","match":${match},"prices":${prices}}]}]`);
    const change = { model: 'gpt-6-luna', prompt: '<= 272000', of: 'cost', kind: 'output', from: '0.50', to: '12.50' };
    const dry = await json('prices', 'import', own);
    expect(dry).toMatchObject({ changes: expect.arrayContaining([expect.objectContaining(change)]), published: null });
    expect(dry).toMatchObject({ warnings: expect.arrayContaining([expect.objectContaining({ code: 'below_cost' })]) });
    const apply = ['prices', 'import', own, '--markup', '10', '--effective-from', '2030-01-01', '--apply', '--yes'];
    expect(await json(...apply)).toMatchObject({ effectiveFrom: '2030-01-01T00:00:00.000Z', published: 4 });
    const price = { input: '2.75', cachedInput: '0.275', output: '13.75' };
    const cost = { input: '2.50', cachedInput: '0.250000', output: '12.5' };
    expect(await json('prices', 'show', '--version', '4', '--model', 'gpt-6-luna')).toMatchObject({
      effectiveFrom: '2030-01-01T00:00:00.000Z',
      models: [{ bands: [{ price, cost }] }],
    });
    expect(await json(...apply)).toMatchObject({ changes: [], published: null });
    expect((await json<{ to: string }>('prices', 'diff')).to).toBe('price list 4');
    const { stdout } = await tokenhub('prices', 'import', '--model', 'gpt-6-luna', '--effective-from', '2030-01-02');
    expect(stdout).toMatch(/cost[^]*output[^]*12\.50[^]*0\.50/);
    expect(stdout).toMatch(/To know:\n +web_searches_kcount is left out/);
    expect(stdout).toMatch(/genai-prices \d+\.\d+\.\d+: 1 model changes, 0 unchanged\. Nothing was published/);
  });

  it('withdraws what is scheduled', async () => {
    const outcome = await json('prices', 'withdraw', '4', '--reason', 'the maker thought better of it');
    expect(outcome).toMatchObject({ status: 'withdrawn', version: 4, by: 'console', inForceThenInstead: 3 });
    expect((await tokenhub('prices', 'withdraw', '3', '--reason', 'x')).stderr).toContain('can’t be withdrawn');
  });

  it('rebuilds the read models', async () => {
    const { code, stdout } = await tokenhub('replay');
    expect(code).toBe(0);
    for (const { view } of PROJECTIONS) expect(stdout).toContain(view.name);
  });

  it.each([
    [['account', 'show', 'nobody'], 'There is no account nobody.'],
    [['charge', 'list', '--account', 'nobody'], 'There is no account nobody.'],
    [['topup', 'sync', 'nothing', '--reason', 'x'], 'There is no top-up nothing.'],
    [['account', 'create', '--credit', '1e3'], '"1e3" is not a decimal amount of US dollars'],
    [['prices', 'show', '--version', '99'], 'There is no price list 99.'],
    [['prices', 'check', '/does/not/exist'], '/does/not/exist can’t be read: ENOENT'],
    [['prices', 'import', '/does/not/exist'], '/does/not/exist can’t be read: ENOENT'],
    [['prices', 'import', '--model', 'gpt-99'], 'Price list 3 has no "gpt-99".'],
    [
      ['replay', 'nothing'],
      'There is no read model "nothing". There are: balances-1, charges-5, keys-2, key-use-1, lots-1',
    ],
    [['key', 'revoke', 'a', 'sk-th_x', '--reason', 'lost'], 'A key is named by its id'],
    [['key', 'revoke', 'a', 'k'], "required option '--reason <text>'"],
    [['account', 'credit', 'a', '1', '--reason', 'x', '--by', 'ada@example.com'], '--by: there is no user "ada@'],
  ])('ends %j with exit code 1 and a sentence', async (args, sentence) => {
    const { code, stderr } = await tokenhub(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends as it would have when its reader has seen enough, without a word', async () => {
    const before = (command: string) => `{ tokenhub ${command}; echo "$?" >&2; } | :`;
    const commands = ['export journal', 'account show nobody 2>&-'];
    expect(await shell(commands.map(before).join('; '))).toBe('0\n1\n');
  });

  it('says that its output is incomplete when the disk is full', async () => {
    const sentence = 'tokenhub: the output is incomplete: ENOSPC: no space left on device, write\n1\n';
    expect(await shell('tokenhub --json prices show > /dev/full; echo "$?" >&2')).toBe(sentence);
  });

  it.runIf(CAN_MOUNT)('says so, too, when the disk fills up on the way', async () => {
    const disk = mountSmallDisk(1);
    disk.fillUp(16 * 1024);
    const said = await shell(`tokenhub --json prices show > "${disk.folder}/prices.json"; echo "$?" >&2`);
    disk.close();
    expect(said).toBe('tokenhub: the output is incomplete: ENOSPC: no space left on device, write\n1\n');
  });

  it('explains every variable', async () => {
    const variables = await json<{ name: string }[]>('config');
    expect(variables.map(({ name }) => name)).toContain('EVENT_STORE_URL');
  });
});
