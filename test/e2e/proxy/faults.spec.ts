// Whatever the event store and the way to it do under load, the bill is right: each fault strikes under load, and then the ledger is held
// against what the provider counted and what the clients saw.
// Modes: two-gateways. A ledger in files has no network, and two gateways fail in every way that one does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { UsageLine } from '../../../sandbox/provider/index.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { expectHoldsToEnd, theBillIsRight } from '../../support/gateway/aftermath.js';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, channelsFile } from '../../support/gateway/gateway.js';
import { Program, type RunningGateway, startGatewayProcess } from '../../support/gateway/gateway-process.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { Load } from '../../support/gateway/load.js';
import { GATEWAYS, SHORT_HOLDS } from '../../support/gateway/mode.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { randomFrom } from '../../support/gateway/random.js';
import { until } from '../../support/gateway/until.js';
import { newDatabase } from '../../support/mongodb/mongodb-server.js';
import { targetOf, TcpProxy } from '../../support/network/tcp-proxy.js';
import { readUsageLog } from '../../support/sandbox/usage-log.js';

const SEED = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000_000);
const random = randomFrom(SEED);
const CREDIT = '1000.00';
const CLIENTS = 8;
const ACCOUNTS = 3;
const SOME_ANSWERS = 20;
/** Longer than an append is tried. */
const OUTAGE_MS = 18_000;

let folder: string;
let eventStore: EventStoreServer;
/** Of each gateway to the event store. */
let ways: TcpProxy[];
let gateways: RunningGateway[];
let provider: Program;
let office: Office;
let load: Load;
const everyone: TestAccount[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  provider = new Program('sandbox/provider/main.js', ['--usage-log', join(folder, 'usage.jsonl')], {});
  const [, providerUrl = ''] = await provider.printed(/"url":"([^"]+)"/);
  const routing = await channelsFile(folder, [channel('sandbox', providerUrl)]);
  eventStore = await EventStoreServer.start();
  const env = { ...routing, ...SHORT_HOLDS, READ_MODEL_URL: newDatabase(inject('mongoUrl')), LOG_LEVEL: 'fatal' };
  office = await openOffice({ ...env, EVENT_STORE_URL: eventStore.url });
  ways = await Promise.all(Array.from({ length: GATEWAYS }, () => TcpProxy.start([targetOf(eventStore.url)])));
  gateways = await Promise.all(
    ways.map(({ port }) => startGatewayProcess({ ...env, EVENT_STORE_URL: `esdb://127.0.0.1:${port}?tls=false` })),
  );
});

afterAll(async () => {
  await office.close();
  for (const { program } of [...gateways, { program: provider }]) await program.kill('SIGKILL');
  for (const way of ways) await way.close();
  await eventStore.stop();
  await rm(folder, { recursive: true });
});

/** Resolves when so many more calls have been answered whole, by one of these gateways. */
async function answers(by = gateways): Promise<void> {
  const urls = by.map(({ url }) => url);
  const count = () => load.receipts.filter(({ url }) => urls.includes(url)).length;
  const enough = count() + CLIENTS + SOME_ANSWERS;
  await until('more answers', () => count() >= enough, 60_000);
}

async function killed(): Promise<void> {
  eventStore.faults.appendDelayMs = 20; // so that there is a middle
  for (let times = 0; times < 3; times++) {
    await answers();
    await until('appends to be in the middle of', () => eventStore.pendingAppends > 1);
    await eventStore.goDown();
    await sleep(random() * 1_000);
    await eventStore.comeBack();
  }
  eventStore.faults.appendDelayMs = 0;
  const { stored, lost } = eventStore.interruptedAppends;
  expect([stored, lost], 'appends were stored and lost in the middle').not.toContain(0);
}

/** One gateway loses the event store, without being told so; another, where there is one, goes on. */
async function cutOff(): Promise<void> {
  const [way] = ways;
  const [cut, ...others] = gateways;
  way?.hang();
  if (others.length > 0) await answers(others);
  load.urls = [cut?.url ?? ''];
  await sleep(OUTAGE_MS);
  way?.goOn();
  await answers();
  expect(load.interrupted).toBeGreaterThan(0);
}

async function repliesLost(): Promise<void> {
  for (let times = 0; times < 10; times++) {
    await sleep(random() * 200);
    eventStore.faults.appends.push(times % 2 === 0 ? 'lose-reply' : 'drop-after-storing');
  }
  await until('all faults to have struck', () => eventStore.faults.appends.length === 0);
}

async function repeated(): Promise<void> {
  eventStore.faults.duplicates = true;
  await answers();
  eventStore.dropSubscriptions();
  await answers();
  eventStore.faults.duplicates = false;
}

describe.each([
  ['the event store was killed in the middle of appends, and came back', killed],
  ['a gateway was cut off from the event store, and found it again', cutOff],
  ['replies were lost after appends were stored', repliesLost],
  ['the subscription repeated events', repeated],
])(`after %s (FAULTS_SEED=${SEED})`, (_what, strike) => {
  let accounts: TestAccount[];
  let lines: UsageLine[];

  beforeAll(async () => {
    accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => office.desk.account(CREDIT)));
    everyone.push(...accounts);
    const keys = accounts.map(({ key, id }) => ({ key, accountId: id }));
    load = new Load({ clients: CLIENTS, keys, models: ['gpt-4o-mini', 'gpt-4o', 'deepseek-chat'], random });
    load.urls = gateways.map(({ url }) => url);
    try {
      await answers();
      await strike();
    } finally {
      await load.stop();
    }
    lines = readUsageLog(join(folder, 'usage.jsonl'));
  }, 240_000);

  it('every gateway answers again', async () => {
    for (const { url } of gateways) {
      const { key } = await office.desk.account();
      const status = async () => (await post(url, key, chat('Hi'))).status;
      await expect.poll(status, { timeout: 60_000, interval: 250 }).toBe(200);
    }
  });

  theBillIsRight(() => ({ office, accounts, credit: CREDIT, receipts: load.receipts, lines }));
});

it('in the end no hold is open', () => expectHoldsToEnd(everyone));
