// Seals at the command line, on a ledger in files: checkpoints, keys, and their change.
import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import { parseNote } from '../seals/note.js';

let files: Awaited<ReturnType<typeof newFolder>>;
/** The variables of the commands: the keys change. */
let env: Record<string, string>;
beforeAll(async () => {
  files = await newFolder();
  ({ env } = files);
});
afterAll(() => files.close());

const run = (...args: string[]) => runCommand(args, env);
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run('--json', ...args);
  expect(`${code} ${stderr}`).toBe('0 ');
  return JSON.parse(stdout) as T;
}
const open = (reference: string) => json<object>('account', 'create', '--reference', reference);
const checkpoints = 'events.db.checkpoints';

async function newKeyFile(name: string): Promise<string> {
  const file = join(files.folder, name);
  await writeFile(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
}

it('an empty ledger has nothing to seal', async () => {
  expect((await run('seal')).stdout).toBe('The ledger has no events yet.\n');
  expect((await run('seal', 'list')).stdout).toBe('There is no checkpoint yet.\n');
});

it('a checkpoint is signed, listed, and written beside the ledger', async () => {
  await open('first');
  const { size, root } = await json<{ size: number; root: string }>('seal');
  expect(await json('seal', 'now')).toMatchObject({ size, root, new: false });
  expect(await json('seal', 'list')).toMatchObject([{ size, root }]);
  expect(await readdir(join(files.folder, checkpoints))).toEqual([`${String(size).padStart(16, '0')}.txt`]);
});

it('the public key is printed as it is, for others to keep', async () => {
  const [{ key }] = await json<[{ key: string }]>('seal', 'key');
  expect((await run('seal', 'key')).stdout).toBe(`${key}\n`);
  expect(key).toMatch(/^token-hub\/[0-9a-f]{16}\+[0-9a-f]{8}\+A/);
});

it('another key alone signs nothing: what the old one sealed can’t be told from a forgery', async () => {
  const LEDGER_KEY_FILE = await newKeyFile('new.key');
  const { code, stderr } = await runCommand(['seal'], { ...env, LEDGER_KEY_FILE });
  expect(code).toBe(1);
  expect(stderr).toContain('Nothing is signed: the newest checkpoint');
  expect(stderr).toContain('name the earlier keys there, too');
});

it('a new key takes over: once both sign, then it alone, and the ledger stays right', async () => {
  const old = env['EVENT_STORE_URL']?.replace('sqlite:', '');
  env = { ...env, LEDGER_KEY_FILE: `${join(files.folder, 'new.key')},${old}.key` };
  expect(await json('seal', 'key')).toMatchObject([{ signs: true }, { signs: false }]);
  const signers: number[] = [];
  for (const reference of ['second', 'third']) {
    await open(reference);
    const { size } = await json<{ size: number }>('seal');
    const note = await readFile(join(files.folder, checkpoints, `${String(size).padStart(16, '0')}.txt`), 'utf8');
    signers.push(parseNote(note).signatures.length);
  }
  expect(signers).toEqual([2, 1]);
  expect(await json('verify')).toMatchObject({ faults: [] });
});

it('a key that is lost is replaced by who says so and why, once, and the ledger goes on by the other', async () => {
  const lost = await json<{ key: string }[]>('seal', 'key');
  env = { ...env, LEDGER_KEY_FILE: await newKeyFile('newer.key') };
  const { stdout } = await run('verify', '--no-read-models');
  const ids = /MACs by the key (\w{8}), (\w{8})/.exec(stdout)?.slice(1) ?? [];
  for (const id of ids) {
    const args = ['seal', 'replace-lost-key', id, '--reason', 'the disk with it burnt'];
    expect(await json(...args)).toMatchObject({ lost: id, new: true });
    expect(await json(...args)).toMatchObject({ lost: id, new: false });
  }
  const { faults, warnings } = await json<{ faults: string[]; warnings: string[] }>('verify');
  expect(faults).toEqual([]);
  const said = /is lost since .*, as console recorded \(the disk with it burnt\)/;
  expect(warnings.slice(0, 2)).toEqual([expect.stringMatching(said), expect.stringMatching(said)]);
  const none = await run('seal', 'replace-lost-key', '01234567', '--reason', 'x');
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('is by a key "01234567"')]);
  const keys = await json<{ key: string }[]>('seal', 'key');
  expect(keys.filter(({ key }) => lost.some((each) => each.key === key))).toEqual([]);
});

it('a place that can’t be written to is named, with exit code 1; the checkpoint is there all the same', async () => {
  await open('fourth');
  const CHECKPOINTS_URL = `file:${join(files.folder, 'new.key', 'inside')}`;
  const { code, stderr, stdout } = await runCommand(['seal'], { ...env, CHECKPOINTS_URL });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^file:.*inside: ENOTDIR/)]);
  expect(stdout).toContain('true');
});
