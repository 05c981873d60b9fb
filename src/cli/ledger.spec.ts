// Verifying at the command line, in this process, on a ledger in files.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import type { JsonObject } from '../kernel/index.js';
import { AccountHistory, accountSnapshots, accountStream, balances } from '../ledger/index.js';
import { PROJECTIONS } from '../operations/index.js';
import { storeBehind } from '../seals/index.js';
import { withContext } from './context.js';

let files: Awaited<ReturnType<typeof newFolder>>;
const run = (line: string) => runCommand(line.split(' '), files.env);
const json = async (line: string): Promise<unknown> => JSON.parse((await run(`--json ${line}`)).stdout);

let size: number;
let account: string;

beforeAll(async () => {
  files = await newFolder();
  Object.assign(process.env, files.env);
  ({ accountId: account } = (await json('account create --credit 5 --reference a1')) as { accountId: string });
  ({ size } = (await json('seal')) as { size: number });
  await run(`account credit ${account} 2.50 --reason goodwill --reference r1`);
});
afterAll(() => files.close());

it('verifies what came after a checkpoint, by its size or a file with it', async () => {
  const file = join(files.folder, 'checkpoint.txt');
  await withContext(async ({ seals }) => writeFile(file, (await seals.noteOf(size)) ?? ''));
  const later = {
    events: 2,
    readModels: 0,
    faults: [],
    warnings: [
      expect.stringMatching(`^The first ${size} events were not read`),
      expect.stringMatching('^The rows of the read models'),
    ],
  };
  expect(await json(`verify --since ${size}`)).toMatchObject(later);
  expect(await json(`verify --since ${file}`)).toMatchObject(later);
  const whole = { events: 4, readModels: PROJECTIONS.length, faults: [], warnings: [], checkpoints: 2 };
  expect(await json('verify')).toMatchObject(whole);
});

it.each(['balance', 'account show', 'key list'])(
  '%s as of a position that there is not yet: refused',
  async (command) => {
    const { code, stderr } = await run(`${command} ${account} --at-position 99`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/The log ends at position \d+: there is no 99 yet\./)]);
  },
);

it('verifies a backup by the documented command, with the key of the ledger', async () => {
  const page = await readFile('docs/operating.md', 'utf8');
  const [, variables = '', line = ''] =
    /^(EVENT_STORE_URL=sqlite:events-backup\.db .*) tokenhub (verify .*)$/m.exec(page) ?? [];
  const here = variables.replaceAll(/(?<=[:=])(?:data\/)?(?=events|check)/g, `${files.folder}/`);
  const ledger = new DatabaseSync(join(files.folder, 'events.db'), { readOnly: true });
  ledger.prepare('VACUUM INTO ?').run(join(files.folder, 'events-backup.db'));
  ledger.close();
  const env = Object.fromEntries(here.split(' ').map((variable) => variable.split('=') as [string, string]));
  const { code, stdout, stderr } = await runCommand(line.split(' '), env);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('The ledger is right.');
});

it('says what is no checkpoint of this ledger', async () => {
  expect((await run('verify --since 99')).stderr).toContain('There is no checkpoint of 99 events.');
  expect((await run('verify --since nowhere.txt')).stderr).toContain('nowhere.txt can’t be read: ENOENT');
  const file = join(files.folder, 'other.txt');
  await writeFile(file, 'hub.example.com\n1\nAAAA\n');
  expect((await run(`verify --since ${file}`)).stderr).toContain('is not a checkpoint of this ledger');
});

it('neither believes a snapshot that no gateway wrote, nor keeps quiet about it', async () => {
  const stream = accountStream(account);
  await withContext(async ({ store, readModels }) => {
    const [newest] = (await store.readStream(stream, 0, 10)).slice(-1);
    if (newest === undefined) throw new Error('no event');
    const state = await new AccountHistory(store, readModels).stateBefore(account, newest.revision + 1);
    const frozen = JSON.stringify(accountSnapshots.freeze(state)).replaceAll('"5.00"', '"5000.00"');
    const doc = { hash: newest.metadata['hash'] ?? null, state: JSON.parse(frozen) as JsonObject };
    const rows = [{ id: stream, position: newest.revision, doc }];
    await storeBehind(readModels).apply(accountSnapshots.view, { rows });
  });
  expect(await json(`balance ${account}`)).toMatchObject({ available: '7.50' });
  const { code, stdout } = await run('verify');
  expect(code).toBe(1);
  expect(stdout).toContain(`- The snapshot ${stream} in ${accountSnapshots.view.name} has no MAC: no gateway wrote it`);
});

it('names a row of a read model that differs, unless they are left out', async () => {
  await withContext(async ({ readModels }) => {
    const row = (await readModels.load(balances.view, [account])).get(account);
    if (row === undefined) throw new Error('no row');
    const forged = { ...row, position: row.position + 1, doc: { ...row.doc, posted: '99.00' } };
    await readModels.apply(balances.view, { rows: [forged] });
  });
  const { code, stdout } = await run('verify');
  expect(code).toBe(1);
  expect(stdout).toContain(`- balances-1 ${account}: posted differs; live: "99.00", rebuilt: "7.50"`);
  expect(await run('verify --no-read-models')).toMatchObject({ code: 0, stdout: expect.stringContaining('is right') });
});

it('refuses a dry run of a period that can’t be, and of an account that there is not', async () => {
  const rerate = async (more: string) => (await run(`rerate --price-list 1 ${more}`)).stderr;
  await run('prices publish --yes --expect 0');
  expect(await rerate('--from 2026-03-02 --to 2026-03-01')).toContain('A period ends after it begins');
  expect(await rerate('--from 2026-03-01 --to 2999-03-01')).toContain('not in the future');
  expect(await rerate('--from 2026-03-01 --to 2026-03-02 --account nope')).toContain('There is no account nope');
  expect(await rerate('--from 2026-03-01 --to 2026-03-02 --model nope')).toContain('No price list has a model "nope".');
  expect((await run('replay balances --until 2999-01-01')).stderr).toContain('"2999-01-01" is in the future');
  expect(await rerate(`--from 2026-03-01 --to 2026-03-02 --account ${account} --csv /nowhere/x.csv`)).toContain(
    '/nowhere/x.csv can’t be written: ENOENT',
  );
});

it('reads a price list that begins with a byte order mark', async () => {
  const file = join(files.folder, 'prices.json');
  await writeFile(file, `\uFEFF${(await run('--json prices show')).stdout}`);
  expect((await run(`prices check ${file}`)).stdout).toContain('can be published');
});

it('verifies an account whose history can’t be', async () => {
  const at = '2026-03-02T12:00:00.000Z';
  const closed = { id: randomUUID(), type: 'AccountClosed', data: { accountId: 'odd', at }, metadata: {} };
  await withContext(({ store }) => store.append(accountStream('odd'), -1, [closed]));
  const { code, stdout } = await run('verify --account odd');
  expect([code, stdout]).toEqual([1, expect.stringContaining('(revision 0 of account-odd)')]);
  expect((await run('account show odd')).stderr).toMatch(
    /^tokenhub: impossible history: .*\(revision 0 of account-odd\)\. "tokenhub verify" names all that is wrong with the ledger\.\n$/,
  );
  expect((await run('verify --account nobody')).stderr).toBe('tokenhub: There is no account nobody.\n');
});

it('names an event that stands in the file with a member twice, and a checkpoint past the head of the log', async () => {
  const edit = (file: string, sql: string): void => {
    using database = new DatabaseSync(join(files.folder, file));
    database.exec(sql);
  };
  edit('events.db', 'DROP TRIGGER events_are_never_changed');
  edit('events.db', `UPDATE events SET data = '{"amount":"99.00",' || substr(data, 2) WHERE type = 'CreditGranted'`);
  edit('read-models.db', "UPDATE checkpoints SET position = 999999 WHERE view = 'charges-5'");
  edit('read-models.db', "UPDATE marks SET mark = 'junk' WHERE view = 'balances-1'");
  edit('read-models.db', "UPDATE marks SET mark = 'null' WHERE view = 'lots-1'");
  const { stdout } = await run('verify');
  expect(stdout).toContain('balances-1 has no record of the ledger it was made from. Rebuild it');
  expect(stdout).toContain('lots-1 has no record of the ledger it was made from. Rebuild it');
  expect(stdout).toContain(`(CreditGranted) stands in the file in another text than a gateway writes`);
  expect(stdout).toContain('charges-5 stands at position 999999 of the ledger, but the newest event');
  expect((await run(`verify --account ${account}`)).stdout).toContain('(CreditGranted) stands in the file');
});
