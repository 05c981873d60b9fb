// The commands that docs/operating.md gives for a backup, run as they stand there, while a ledger is written to.
// Modes: embedded. The commands are about its file.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { START } from '../../src/event-store/index.js';
import { StoreMigration, verify } from '../../src/operations/index.js';
import { Accounts } from '../../src/ledger/index.js';
import { readAllOf } from '../contract/event-store.fixture.js';
import { ledgerWithHistory } from '../support/ledger/history.js';
import { placeHold } from '../support/ledger/commands.js';

const OPERATING = join(import.meta.dirname, '../../docs/operating.md');
const commands = /## Backup and restore\n[^]*?```sh\n([^]*?)\n```/
  .exec(await readFile(OPERATING, 'utf8'))?.[1]
  ?.split('\n');

/** Whether the program that a command begins with is on this machine; the Node of `npx node` always is. */
function isHere(command: string): boolean {
  if (command.startsWith('npx node ')) return true;
  try {
    execFileSync('sh', ['-c', `command -v ${command.split(' ')[0]}`]);
    return true;
  } catch {
    return false;
  }
}

let folder: string;
let ledger: SqliteEventStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  ledger = await SqliteEventStore.open(join(folder, 'data', 'events.db'));
  const made = await ledgerWithHistory();
  await made.open('a');
  await new StoreMigration(made.store, ledger).run();
});
afterAll(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

/** Places holds one after another until it is told to stop: at every instant between, one is on its way to the disk. */
async function keepWriting(signal: AbortSignal): Promise<void> {
  const accounts = new Accounts(ledger, new MemoryReadModelStore());
  for (let n = 0; !signal.aborted; n++) {
    await accounts.execute('a', placeHold(`c${n}-${Date.now()}`, '0.000001', { keyId: 'k-a' }));
  }
}

/** Runs a command in the folder of the ledger, with the Node of this test for `npx node`. */
const run = (command: string) =>
  promisify(execFile)('sh', ['-c', command.replace(/^npx node /, 'node ')], {
    cwd: folder,
    env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
  });

describe('the documented backup', () => {
  it('is there', () => expect(commands).toHaveLength(2));

  for (const command of commands ?? []) {
    it.skipIf(!isHere(command))(`of a ledger that is written to is whole: ${command}`, async () => {
      const backup = join(folder, 'events-backup.db');
      await rm(backup, { force: true });
      const stop = new AbortController();
      const writing = keepWriting(stop.signal);
      const before = await ledger.head();
      await run(command);
      stop.abort();
      await writing;
      expect(await ledger.head()).toBeGreaterThan(before);

      const copy = await SqliteEventStore.open(backup);
      const events = await readAllOf(copy, START, 1_000);
      expect(events).toEqual((await readAllOf(ledger, START, 1_000)).slice(0, events.length));
      expect(events.length).toBeGreaterThanOrEqual(before);
      expect((await verify(copy, new MemoryReadModelStore())).faults).toEqual([]);
      await new Accounts(copy, new MemoryReadModelStore()).execute('a', placeHold('new', '1', { keyId: 'k-a' }));
      expect(await copy.head()).toBe(events.length + 1);
      await copy.close();
    });
  }
});
