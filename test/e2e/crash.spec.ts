// Nothing is charged twice, nothing is lost: a gateway is killed at random moments under load, again and again, and then
// the ledger is held against what the provider counted and what the clients saw.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/event-store/index.js';
import { formatUsd, picoUsd, usd } from '../../src/kernel/index.js';
import type { UsageLine } from '../../src/sandbox/provider/index.js';
import { channel, channelsFile, newFolder, readUsageLog } from '../support/gateway/gateway.js';
import { Program, type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { Load } from '../support/gateway/load.js';
import { type Office, openOffice } from '../support/gateway/office.js';
import { costOf } from '../support/gateway/price-check.js';
import { randomFrom } from '../support/gateway/random.js';

const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = 12;
const ACCOUNTS = 4;
const CLIENTS = 12;
const CREDIT = '1000.00';
const SHORTEST_ROUND_MS = 200;
const LONGEST_ROUND_MS = 2_000;

let files: Awaited<ReturnType<typeof newFolder>>;
let env: Record<string, string>;
let provider: Program;
let gateway: RunningGateway;
let office: Office;
let accounts: TestAccount[];
let load: Load;
let lines: UsageLine[];

beforeAll(async () => {
  files = await newFolder();
  const log = join(files.folder, 'usage.jsonl');
  provider = new Program('sandbox/provider/main.js', ['--usage-log', log], {});
  const [, providerUrl = ''] = await provider.printed(/"url":"([^"]+)"/);
  env = { ...files.env, ...(await channelsFile(files.folder, [channel('sandbox', providerUrl)])), LOG_LEVEL: 'error' };
  office = await openOffice(env);
  gateway = await startGatewayProcess(env);
  await underFire();
  lines = await readUsageLog(log);
}, 240_000);

afterAll(async () => {
  await office.close();
  await gateway.program.kill('SIGKILL');
  await provider.kill('SIGKILL');
  await rm(files.folder, { recursive: true });
});

/** Load, with a kill -9 and a restart in every round. Afterwards a gateway runs that nobody calls. */
async function underFire(): Promise<void> {
  const random = randomFrom(SEED);
  accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => office.desk.account(CREDIT)));
  const more = await Promise.all(accounts.map(async (one) => ({ ...(await one.issueKey()), accountId: one.id })));
  const keys = [...accounts.map(({ key, id }) => ({ key, accountId: id })), ...more];
  load = new Load({ clients: CLIENTS, keys, models: ['gpt-4o-mini', 'gpt-4o', 'deepseek-chat'], random });
  for (let round = 0; round < ROUNDS; round++) {
    load.url = gateway.url;
    await sleep(SHORTEST_ROUND_MS + random() * (LONGEST_ROUND_MS - SHORTEST_ROUND_MS));
    load.url = undefined;
    await gateway.program.kill('SIGKILL');
    gateway = await startGatewayProcess(env);
  }
  await load.stop();
}

/** The usage line of a request. */
const lineOf = (requestId: string): UsageLine | undefined => lines.find((line) => line.requestId === requestId);
const chargesOf = (account: TestAccount) => account.eventsOf('TokensCharged');
const allCharges = async () => (await Promise.all(accounts.map(chargesOf))).flat();
const duplicates = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe(`after ${ROUNDS} crashes under load (CRASH_SEED=${SEED})`, () => {
  it('there was something to lose: answers, interrupted calls, and holds that no one settled', async () => {
    expect(load.receipts.length).toBeGreaterThan(100);
    expect(load.interrupted).toBeGreaterThan(ROUNDS);
    const endings = await Promise.all(accounts.map((account) => account.ending()));
    expect(endings.flatMap(({ released }) => released).length).toBeGreaterThan(0);
  });

  it('every answer that a client saw whole is charged once, at its usage × the price', async () => {
    const charges = new Map((await allCharges()).map((charge) => [charge.requestId, charge]));
    for (const { requestId, chargeId } of load.receipts) {
      const line = lineOf(requestId);
      const charge = charges.get(requestId);
      expect(charge, `request ${requestId} is charged`).toMatchObject({ chargeId, usageRaw: line?.usage ?? 'no line' });
    }
  });

  it('every charge rests on a usage block of the provider’s, and is its usage × the price', async () => {
    for (const { requestId, model, cost, usageRaw } of await allCharges()) {
      const usage = lineOf(requestId)?.usage;
      if (usage === undefined || usage === null) throw new Error(`${requestId} is charged without a usage line`);
      expect({ requestId, usageRaw, cost }).toEqual({ requestId, usageRaw: usage, cost: costOf(model, usage) });
    }
  });

  it('no request is charged twice, and none was forwarded twice', async () => {
    const charges = await allCharges();
    expect(duplicates(charges.map(({ requestId }) => requestId))).toEqual([]);
    expect(duplicates(charges.map(({ chargeId }) => chargeId))).toEqual([]);
    expect(duplicates(lines.map(({ requestId }) => requestId ?? ''))).toEqual([]);
  });

  it('no hold is open: each was settled, or released because its gateway was gone', async () => {
    for (const account of accounts) {
      const { open, released } = await account.ending();
      expect(open).toBe(0);
      expect(released.filter((reason) => reason !== 'gateway_restarted')).toEqual([]);
    }
  });

  it('the interrupted calls are listed for operators, with their request ids', async () => {
    const listed = (await tokenhub(env, 'charge', 'list', '--reason', 'gateway_restarted', '--limit', '10000')) as {
      requestId: string;
    }[];
    const releases = (await Promise.all(accounts.map((account) => account.eventsOf('HoldReleased')))).flat();
    const ids = (rows: readonly { requestId: string }[]) => rows.map(({ requestId }) => requestId).toSorted();
    expect(ids(listed)).toEqual(ids(releases));
  });

  it('every balance is the credit less the charges, to the last digit', async () => {
    for (const account of accounts) {
      const spent = (await chargesOf(account)).reduce((sum, { cost }) => sum + usd(cost), 0n);
      expect(await account.balance()).toBe(formatUsd(picoUsd(usd(CREDIT) - spent)));
    }
  });

  it('every hash chain is whole, and the ledger verifies', async () => {
    for (const account of accounts) expect(await verifyChain(await account.recorded())).toBeUndefined();
    expect(await tokenhub(env, 'verify')).toMatchObject({ faults: [] });
  });
});
