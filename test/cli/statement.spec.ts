// Statements on the command line: made from the ledger, checked without it.
// Modes: embedded. No gateway runs here.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.js';
import { newFolder } from '../support/gateway/gateway.js';
import { withReference } from '../support/gateway/gateway-process.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let folder: string;

/** With no ledger and no configuration, unless it is given. */
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCommand(withReference(args), env);
const inFolder = (name: string): string => join(folder, name);

beforeAll(async () => {
  files = await newFolder();
  folder = files.folder;
  const made = await run(['--json', 'account', 'create', '--credit', '5'], files.env);
  const { accountId } = JSON.parse(made.stdout) as { accountId: string };
  const { stdout, code, stderr } = await run(['statement', 'export', accountId], files.env);
  if (code !== 0) throw new Error(stderr);
  await writeFile(inFolder('one.json'), stdout);
});
afterAll(() => files.close());

it('a statement is right, and says so without a ledger', async () => {
  const { code, stdout } = await run(['statement', 'verify', inFolder('one.json')]);
  expect([code, stdout.includes('The statement is right, and signed by a key that the file itself brings.')]).toEqual([
    0,
    true,
  ]);
});

it('one that was changed is found, with a sentence and exit code 1', async () => {
  const one = await readFile(inFolder('one.json'), 'utf8');
  await writeFile(inFolder('two.json'), one.replace('"amount":"5.00"', '"amount":"50.00"'));
  const { code, stdout } = await run(['statement', 'verify', inFolder('two.json')]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/two\.json: The hash of revision \d+ .* does not match/);
});

it('two that do not follow on each other are found', async () => {
  const { code, stdout } = await run(['statement', 'verify', inFolder('one.json'), inFolder('one.json')]);
  expect(code).toBe(1);
  expect(stdout).toContain('goes on after revision -1');
});

it.each([
  [['verify', 'none.json'], 'none.json can’t be read: ENOENT'],
  [['verify', 'folder.json'], 'folder.json is not a statement in JSON'],
  [['export', 'nobody'], 'nobody'],
  [['export', 'nobody', '--from', '2100-01-01'], '--from must be earlier'],
])('%j is refused with a sentence', async (args, sentence) => {
  await writeFile(inFolder('folder.json'), '{"object":"receipt"}');
  const { code, stderr } = await run(
    ['statement', ...args.map((arg) => (arg.endsWith('.json') ? inFolder(arg) : arg))],
    files.env,
  );
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
});
