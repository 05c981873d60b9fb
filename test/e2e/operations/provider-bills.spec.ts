// Finance compares a provider's bill with what was booked, and two people close a difference; the books then say what the provider bills.
// Modes: embedded. What is recorded and read is the same on every store.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { add, formatUsd, type JsonObject, sum, usd } from '../../../src/kernel/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { tokenhub } from '../../support/gateway/gateway-process.js';
import { jobOver } from '../../support/gateway/jobs.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { codeOf, dataOf, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { booksOf, faultsOf, pay } from '../../support/payments/cashier.js';

let gateway: TestGateway;
let account: TestAccount;
let fay: TestPerson;
let finn: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
  account = await gateway.desk.account();
  for (let call = 0; call < 3; call++) await post(gateway.url, account.key, chat('[[sandbox tokens=5]]'));
  await post(gateway.url, account.key, chat('[[sandbox fault=no_usage]]'));
});
afterAll(() => gateway.close());

async function booked() {
  const charges = await account.eventsOf('TokensCharged');
  const [first] = charges;
  if (first === undefined) throw new Error('nothing was charged');
  const cost = sum(charges.map(({ providerCost }) => usd(providerCost)));
  return { day: first.pricedAt.slice(0, 10), model: first.upstreamModel, channel: first.provider, cost };
}

const differences = async (query = '') => dataOf(await fay.get(`/api/finance/provider-differences${query}`));

it('a bill that says more is a difference with its cause; two people book it; the next bill matches', async () => {
  const { day, model, channel, cost } = await booked();
  const content = `day,model,cost\n${day},${model}-2026-01-01,${formatUsd(add(cost, usd('0.25')))}\n`;
  const bill = { format: 'csv', channel, name: 'bill.csv', content };
  const before = await booksOf(gateway);

  const imported = await pay(fay, '/api/finance/provider-bills', bill);
  expect(await jobOver(fay, imported)).toMatchObject({
    kind: 'provider_bill_import',
    status: 'succeeded',
    started_by: fay.userId,
    result: { from: day, to: day, booked: formatUsd(cost), difference: '0.25', lines: { differs: 1, matched: 0 } },
  });
  expect(dataOf(await fay.get('/api/finance/provider-bills'))).toMatchObject([{ id: imported.body['id'], lines: 1 }]);

  const [found] = await differences();
  expect(found).toMatchObject({ day, model, status: 'differs', state: 'open', calls: 3, difference: '0.25' });
  expect(found?.['explanations']).toMatchObject([{ cause: 'usage_unknown', calls: 1 }]);

  const path = `/api/finance/provider-differences/${String(found?.['id'])}`;
  const proposal = { resolution: 'book', reason: 'One call was answered without usage.' };
  expect((await pay(fay, `${path}/propose`, proposal)).body).toMatchObject({ state: 'proposed', resolution: 'book' });
  expect(codeOf(await pay(fay, `${path}/approve`))).toBe('second_person_needed');
  expect(codeOf(await pay(finn, `${path}/propose`, { ...proposal, resolution: 'keep' }))).toBe('resolution_requested');
  expect((await pay(finn, `${path}/decline`, { reason: 'Not yet.' })).body).toMatchObject({
    state: 'open',
    resolution: null,
    requested_by: null,
  });
  const { proposed_at } = (await pay(fay, `${path}/propose`, proposal)).body;
  expect(codeOf(await pay(finn, `${path}/approve`, { proposed_at: day }))).toBe('proposed_anew');
  const approval = { reason: 'Their log has the call.', proposed_at: String(proposed_at) };
  expect((await pay(finn, `${path}/approve`, approval)).body).toMatchObject({
    state: 'booked',
    approved_by: finn.userId,
    approval_reason: approval.reason,
  });
  expect(await differences()).toEqual([]);

  const after = await booksOf(gateway);
  const owed = (books: Readonly<Record<string, string>>) => usd(books['liabilities:providers'] ?? '0');
  expect(formatUsd(add(owed(after), usd('0.25')))).toBe(formatUsd(owed(before)));

  await jobOver(fay, await pay(fay, '/api/finance/provider-bills', bill));
  expect(await differences('?show=all')).toMatchObject([{ status: 'matched', state: 'none', difference: '0.00' }]);
});

it('the command line does the same, and writes a report', async () => {
  const { day, channel } = await booked();
  const folder = mkdtempSync(join(tmpdir(), 'bill-'));
  const [file, report] = [join(folder, 'costs.csv'), join(folder, 'report.csv')];
  writeFileSync(file, `Date,Item,USD\n${day},another-model,0.75\n`);
  const reconcile = (...args: string[]) => tokenhub(gateway.files, 'reconcile', ...args);
  const columns = ['--map', 'day=Date', '--map', 'model=Item', '--map', 'cost=USD'];
  const by = ['--by', fay.email];
  await reconcile('provider', 'csv', file, '--channel', channel, ...columns, '--report', report, ...by);
  const [, line] = readFileSync(report, 'utf8')
    .split('\n')
    .filter((text) => !text.includes('ours_only'));
  expect(line).toContain(`${channel},${day},another-model,theirs_only,open,0,0.00,0.75,0.75`);

  const id = line?.split(',')[0] ?? '';
  const keep = ['--resolution', 'keep', '--reason', 'Of another team.', ...by, '--approved-by', finn.email];
  await reconcile('provider-resolve', id, ...keep);
  expect(await differences('?show=all')).toContainEqual(
    expect.objectContaining({ id, state: 'kept', requested_by: fay.userId, approved_by: finn.userId }),
  );
});

it('verification finds the bills as they were recorded', async () => expect(await faultsOf(gateway)).toEqual([]));

it('what is no bill is refused with what to do', async () => {
  const bill = { format: 'openai', channel: 'sandbox', name: 'x.json', content: '{"object":"page"}' };
  const refused = await pay(fay, '/api/finance/provider-bills', bill);
  expect([refused.status, codeOf(refused)]).toEqual([400, 'unreadable_bill']);
});

it('a comparison with Stripe is a job, too; days and reports that make no sense are refused at once', async () => {
  const runs = '/api/finance/reconciliation/runs';
  expect(await jobOver(fay, await pay(fay, runs))).toMatchObject({
    kind: 'stripe_comparison',
    status: 'succeeded',
    result: { days: 1, items: { theirs_only: 0 } },
  });
  const [day] = dataOf(await fay.get('/api/finance/reconciliation'));
  expect(day).toMatchObject({ compared_by: fay.userId });
  const codes = async (body: JsonObject) => codeOf(await pay(fay, runs, body));
  expect(await codes({ from: '2026-02-02', to: '2026-02-01' })).toBe('invalid_period');
  expect(await codes({ reports: ['balance_transaction_id\ntxn_a\n'] })).toBe('invalid_report');
});
