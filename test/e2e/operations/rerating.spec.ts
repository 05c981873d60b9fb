// Modes: embedded. Runs are decided on in streams, the same on every store.
// A provider cuts its prices, and an operator gives back what was charged too much, while calls go on. Another operator agrees.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStore } from '../../../src/event-store/index.js';
import type { JsonObject, JsonValue } from '../../../src/kernel/index.js';
import { add, formatUsd, subtract, sum, usd } from '../../../src/kernel/index.js';
import { accountStream, balances } from '../../../src/ledger/index.js';
import { PROJECTIONS } from '../../../src/operations/index.js';
import { startingPriceList } from '../../../src/pricing/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { tokenhub } from '../../support/gateway/gateway-process.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { jobOver } from '../../support/gateway/jobs.js';
import { codeOf, newPersonWithRole, type Reply, type TestPerson } from '../../support/gateway/person.js';

const RUNS = '/api/operator/reratings';
const selling = (input: string, output: string) =>
  JSON.parse(
    JSON.stringify([
      ...startingPriceList().filter(({ model }) => model !== 'gpt-4o'),
      { model: 'gpt-4o', bands: [{ price: { input, output } }] },
    ]),
  ) as JsonValue;

/** Each one is done once. */
const once = () => ({ 'idempotency-key': randomUUID() });

let gateway: TestGateway;
let olga: TestPerson;
let oleg: TestPerson;
let accountId: string;
beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
  oleg = await newPersonWithRole(gateway, 'operator');
});
afterAll(() => gateway.close());

const publish = (models: JsonValue, expected_version: number) =>
  olga.post('/api/operator/price-lists', { models, expected_version, reason: 'a price cut', accept_warnings: true });
/** The run that a job has proposed. */
const proposed = async (started: Reply) => {
  const { result } = await jobOver(olga, started, 'operator');
  return (await olga.get(`${RUNS}/${String((result as JsonObject)['rerating_id'])}`)).body;
};

it('gives back to the digit what calls cost too much, while calls go on, and can undo it', async () => {
  const account = await gateway.desk.account('5.00');
  accountId = account.id;
  const call = () => post(gateway.url, account.key, chat('Hi', { model: 'gpt-4o' }));
  const from = new Date(Date.now() - 60_000).toISOString();
  await Promise.all(Array.from({ length: 5 }, call));
  const charged = await account.eventsOf('TokensCharged');
  const before = sum(charged.map(({ cost }) => usd(cost)));
  expect((await publish(selling('1.25', '5'), 1)).body).toMatchObject({ version: 2 });

  const body: JsonObject = {
    from,
    to: new Date().toISOString(),
    price_version: 2,
    policy: 'bill',
    reason: 'half price',
  };
  const run = await proposed(await olga.post(RUNS, body, once()));
  expect(run).toMatchObject({
    status: 'proposed',
    proposed_by: olga.userId,
    planned: { accounts: 1, charges: 5, charged: formatUsd(before), refused: 0, later_runs: [], below_zero: 0 },
  });
  const path = `${RUNS}/${String(run['id'])}`;
  expect(codeOf(await olga.post(`${path}/approve`, {}, once()))).toBe('second_person_needed');
  expect(codeOf(await olga.post(`${path}/apply`, {}, once()))).toBe('rerating_not_approved');
  expect((await oleg.post(`${path}/approve`, { reason: 'As announced' }, once())).body).toMatchObject({
    status: 'approved',
    approved_by: oleg.userId,
    approval_reason: 'As announced',
  });

  const apply = async (id: JsonValue | undefined) =>
    jobOver(olga, await olga.post(`${RUNS}/${String(id)}/apply`, {}, once()), 'operator');
  const [, job] = await Promise.all([Promise.all(Array.from({ length: 5 }, call)), apply(run['id'])]);
  expect(job).toMatchObject({ status: 'succeeded', result: { rerating_id: run['id'] } });
  const planned = (run['planned'] as JsonObject)['difference'];
  expect((await olga.get(path)).body).toMatchObject({
    status: 'completed',
    applied: { accounts: 1, charges: 5, difference: planned },
  });
  const rerated = await account.eventsOf('ChargeRerated');
  expect(rerated.map(({ chargeId }) => chargeId).toSorted()).toEqual(
    charged.map(({ chargeId }) => chargeId).toSorted(),
  );
  const now = sum(rerated.map(({ cost }) => usd(cost)));
  expect([formatUsd(add(now, now)), formatUsd(subtract(now, before))]).toEqual([formatUsd(before), planned]);

  const all = sum((await account.eventsOf('TokensCharged')).map(({ cost }) => usd(cost)));
  const spent = add(all, subtract(now, before));
  expect(await account.balance()).toBe(formatUsd(subtract(usd('5.00'), spent)));
  const { text } = await olga.get(`${path}/report.csv`);
  expect(text.split('\n')[0]).toBe(
    'account,model,day,charges,refused,charged,due,difference,providerDifference,laterRuns,belowZero',
  );
  expect(text).not.toContain("'");

  const undoing = await proposed(await olga.post(`${path}/reverse`, { reason: 'it was for next month' }, once()));
  expect(undoing).toMatchObject({ reverses: run['id'], planned: { charges: 5 } });
  await oleg.post(`${RUNS}/${String(undoing['id'])}/approve`, {}, once());
  await apply(undoing['id']);
  expect(await account.balance()).toBe(formatUsd(subtract(usd('5.00'), all)));
});

it('verifies the ledger and makes read models again, as jobs', async () => {
  const done = async (path: string, body: JsonObject) =>
    (await jobOver(olga, await olga.post(`/api/operator/${path}`, body, once()), 'operator'))['result'];
  const right = { is_right: true, faults: [], warnings: [], charges: 10, read_models: PROJECTIONS.length };
  expect(await done('verify', {})).toMatchObject(right);
  const leftOut = [expect.stringContaining('a re-rating that it lacks')];
  expect(await done('verify', { account_id: accountId })).toMatchObject({
    ...right,
    warnings: leftOut,
    accounts: 1,
    read_models: 0,
  });
  const name = balances.view.name;
  expect(await done('replays', { views: ['balances'] })).toMatchObject({ views: [{ view: name }] });
  const same = { views: [{ view: name, differences: 0 }], differences: [] };
  expect(await done('replays', { views: [name], diff: true })).toMatchObject(same);
  expect(codeOf(await olga.post('/api/operator/replays', { views: ['nothing'] }, once()))).toBe('view_not_found');
  const [opened] = await gateway.app.get(EventStore).readStream(accountStream(accountId), 0, 1);
  const then = { view: 'balances', position: opened?.position ?? 0, account_id: accountId };
  expect(await done('replays/until', then)).toMatchObject({
    view: name,
    position: opened?.position,
    row_count: 1,
    rows: [{ accountId, posted: '0.00', charges: 0 }],
  });
  expect(await done('replays/until', { view: 'reratings', as_of: '2020-01-01' })).toMatchObject({ rows: [] });
  for (const [body, code] of [
    [{ view: 'nothing', position: 1 }, 'view_not_found'],
    [{ view: 'topups', position: 1 }, 'view_not_shown'],
    [{ view: 'balances' }, 'invalid_request'],
    [{ view: 'balances', position: 1, as_of: '2026-01-01' }, 'invalid_request'],
  ] as const)
    expect([body, codeOf(await olga.post('/api/operator/replays/until', body, once()))]).toEqual([body, code]);
  expect(codeOf(await olga.post('/api/operator/verify', { since: 999_999 }, once()))).toBe('checkpoint_not_found');
  expect(codeOf(await olga.post('/api/operator/verify', { account_id: 'z' }, once()))).toBe('account_not_found');
});

it('tries a run and records nothing: what it finds is what the command line and a proposal find', async () => {
  const dearer = selling('2500000', '5000000');
  expect((await publish(dearer, 2)).body).toMatchObject({ version: 3 });
  const [from, to] = [new Date(Date.now() - 3_600_000).toISOString(), new Date().toISOString()];
  const asked = { from, to, price_version: 3, policy: 'bill' };
  const tries = `${RUNS}/dry-runs`;
  const [store, runs] = [gateway.app.get(EventStore), (await olga.get(RUNS)).body];
  const head = await store.head();

  const started = await olga.post(tries, asked, once());
  const job = await jobOver(olga, started, 'operator');
  expect(job).toMatchObject({ kind: 'rerating_dry_run', status: 'succeeded', started_by: olga.userId });
  expect(job).toMatchObject({ input: asked, result: { planned: { accounts: 1, charges: 10, below_zero: 1 } } });
  const mine = `${tries}/${String(job['id'])}`;
  const [totals, report] = [(await oleg.get(`${mine}/totals`)).body, (await oleg.get(`${mine}/report.csv`)).text];
  const csv = join(gateway.folder, 'dry-run.csv');
  const options = ['--from', from, '--to', to, '--price-list', '3', '--csv', csv];
  const printed = (await tokenhub(gateway.files, 'rerate', ...options)) as JsonObject;
  expect((await readFile(csv, 'utf8')).trimEnd()).toBe(`\uFEFF${report.trimEnd()}`);
  expect(report).toContain(',yes');
  const { provider_difference, later_runs, below_zero, ...sums } = (job['result'] as { planned: JsonObject }).planned;
  expect(printed['totals']).toEqual({ ...sums, providerDifference: provider_difference, belowZero: below_zero });
  expect(later_runs).toEqual([]);
  expect(await store.head()).toBe(head);
  expect((await olga.get(RUNS)).body).toEqual(runs);

  const run = await proposed(await olga.post(RUNS, { ...asked, reason: 'too cheap' }, once()));
  expect(run['planned']).toEqual((job['result'] as JsonObject)['planned']);
  expect((await olga.get(`${RUNS}/${String(run['id'])}/totals`)).body).toEqual(totals);
  expect((await olga.get(`${RUNS}/${String(run['id'])}/report.csv`)).text).toBe(report);

  expect(codeOf(await olga.post(tries, { ...asked, price_version: 9 }, once()))).toBe('price_list_not_found');
  expect(codeOf(await olga.post(tries, { ...asked, to: '2999-01-01' }, once()))).toBe('invalid_period');
  for (const what of ['totals', 'report.csv'])
    expect(codeOf(await olga.get(`${tries}/${String(run['id'])}/${what}`))).toBe('job_not_found');
});
