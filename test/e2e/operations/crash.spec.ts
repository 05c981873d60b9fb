// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Nothing is charged twice, nothing is lost: gateways are killed at random moments under load, again and again, and then the ledger is
// held against what the provider counted and what the clients saw.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageLine } from '../../../sandbox/provider/index.js';
import { expectHoldsToEnd, theBillIsRight } from '../../support/gateway/aftermath.js';
import { channel, channelsFile, newFolder } from '../../support/gateway/gateway.js';
import { Program, RunningGateways, tokenhub } from '../../support/gateway/gateway-process.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { Load } from '../../support/gateway/load.js';
import { mode, orphans, SHORT_HOLDS } from '../../support/gateway/mode.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { randomFrom } from '../../support/gateway/random.js';
import { until } from '../../support/gateway/until.js';
import { readUsageLog } from '../../support/sandbox/usage-log.js';

const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = mode === 'embedded' ? 12 : 5;
const ACCOUNTS = 4;
const CLIENTS = 12;
const CREDIT = '1000.00';
/** Calls that are answered in a round before the kill, at most. */
const MOST_ANSWERS = 100;

let files: Awaited<ReturnType<typeof newFolder>>;
let env: Record<string, string>;
let provider: Program;
let running: RunningGateways;
let office: Office;
let accounts: TestAccount[];
let load: Load;
let lines: UsageLine[];

beforeAll(async () => {
  files = await newFolder();
  const log = join(files.folder, 'usage.jsonl');
  provider = new Program('sandbox/provider/main.js', ['--usage-log', log], {});
  const [, providerUrl = ''] = await provider.printed(/"url":"([^"]+)"/);
  const routing = await channelsFile(files.folder, [channel('sandbox', providerUrl)]);
  env = { ...files.env, ...routing, ...SHORT_HOLDS, LOG_LEVEL: 'error' };
  office = await openOffice(env);
  running = await RunningGateways.start(env);
  await underFire();
  await expectHoldsToEnd(accounts);
  lines = readUsageLog(log);
}, 360_000);

afterAll(async () => {
  await office.close();
  await running.kill('SIGKILL');
  await provider.kill('SIGKILL');
  await files.close();
});

/** Load, with a kill -9 and a new start in every round. Afterwards gateways run that nobody calls. */
async function underFire(): Promise<void> {
  const random = randomFrom(SEED);
  accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => office.desk.account(CREDIT)));
  const more = await Promise.all(accounts.map(async (one) => ({ ...(await one.issueKey()), accountId: one.id })));
  const keys = [...accounts.map(({ key, id }) => ({ key, accountId: id })), ...more];
  load = new Load({ clients: CLIENTS, keys, models: ['gpt-4o-mini', 'gpt-4o', 'deepseek-chat'], random });
  for (let round = 0; round < ROUNDS; round++) {
    const { gateways } = running;
    load.urls = gateways.map(({ url }) => url);
    await answers(1 + Math.floor(random() * MOST_ANSWERS));
    await sleep(random() * 20);
    const victim = gateways[Math.floor(random() * gateways.length)] ?? running.first;
    load.urls = gateways.filter((gateway) => gateway !== victim).map(({ url }) => url);
    await victim.program.kill('SIGKILL');
    // The others answer calls that began after the kill: more than there can be under way.
    if (load.urls.length > 0) await answers(CLIENTS + 1);
    load.urls = [];
    await running.replace(victim);
  }
  await load.stop();
}

/** Resolves when so many more calls have been answered. */
async function answers(more: number): Promise<void> {
  const enough = load.receipts.length + more;
  await until('answers', () => load.receipts.length >= enough);
}

describe(`after ${ROUNDS} crashes under load (CRASH_SEED=${SEED})`, () => {
  it('there was something to lose: answers, interrupted calls, and holds that no one settled', async () => {
    expect(load.receipts.length).toBeGreaterThan(100);
    expect(load.interrupted).toBeGreaterThan(ROUNDS);
    const endings = await Promise.all(accounts.map((account) => account.ending()));
    expect(endings.flatMap(({ released }) => released).length).toBeGreaterThan(0);
  });

  theBillIsRight(() => ({ office, accounts, credit: CREDIT, receipts: load.receipts, lines }));

  it('no hold is open: each was settled, or released because its gateway was gone', async () => {
    // Or because a loaded machine had let a call run out of time.
    const reasons = [orphans.reason, 'upstream_timeout'];
    for (const account of accounts) {
      const { open, released } = await account.ending();
      expect(open).toBe(0);
      expect(released.filter((reason) => !reasons.includes(reason))).toEqual([]);
    }
  });

  it('the interrupted calls are listed for operators, with their request ids', async () => {
    const listed = (await tokenhub(env, 'charge', 'list', '--reason', orphans.reason, '--limit', '10000')) as {
      requestId: string;
    }[];
    const all = (await Promise.all(accounts.map((account) => account.eventsOf('HoldReleased')))).flat();
    const releases = all.filter(({ reason }) => reason === orphans.reason);
    const ids = (rows: readonly { requestId: string }[]) => rows.map(({ requestId }) => requestId).toSorted();
    expect(ids(listed)).toEqual(ids(releases));
  });

  it('the ledger verifies, to the command line', async () => {
    expect(await tokenhub(env, 'verify')).toMatchObject({ faults: [] });
  });
});
