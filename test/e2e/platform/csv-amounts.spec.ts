// Modes: embedded. A file is made of rows that the stores have, wherever they are.
// Every CSV file of /api has its amounts as numbers: a spreadsheet adds up those that are below zero, too.
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStore, START } from '../../../src/event-store/index.js';
import { DAY_MS, startOfDay, toInstant } from '../../../src/kernel/index.js';
import { readAccountEvent } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { jobOver } from '../../support/gateway/jobs.js';
import { newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import { buy, countOf, firstOf, intentOf, pay, refundIs } from '../../support/payments/cashier.js';

let gateway: TestGateway;
let fay: TestPerson;
let files: ReadonlySet<string>;
let disputeId: string;

const today = startOfDay(Date.now());
const [from, to] = [toInstant(today - DAY_MS), toInstant(today + DAY_MS)];

/** How each file is asked for, and whether what happened here makes a number below zero in it. */
const FILES: Readonly<Record<string, readonly [query: string, hasNegative: boolean]>> = {
  '/api/charges': ['format=csv', false],
  '/api/entries': ['format=csv', true],
  '/api/finance/books/breakage': ['format=csv', false],
  '/api/finance/books/journal': ['format=csv', true],
  '/api/finance/books/revenue': ['format=csv', false],
  '/api/finance/books/roll-forward': ['format=csv', true],
  '/api/finance/books/trial-balance': ['format=csv', true],
  '/api/finance/disputes/{id}/evidence': ['format=csv', false],
  '/api/finance/invoices/register.csv': [`year=${toInstant(today).slice(0, 4)}`, true],
  '/api/finance/provider-differences': ['format=csv', true],
  '/api/finance/reconciliation/report.csv': [`from=${from}&to=${to}`, true],
  '/api/finance/topups': ['format=csv', false],
  '/api/statement': [`format=csv&from=${from}&to=${to}`, true],
  '/api/usage': ['format=csv', false],
};
/** They take a run of their own: test/e2e/operations/rerating.spec.ts. */
const ELSEWHERE = ['/api/operator/reratings/dry-runs/{id}/report.csv', '/api/operator/reratings/{id}/report.csv'];

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema?: { readonly enum?: readonly string[] } }[];
}

beforeAll(async () => {
  gateway = await startGateway({ env: { SELLER_NAME: 'Example Gateway Ltd', REFUND_ALONE_USD: '100' } });
  fay = await newPersonWithRole(gateway, 'finance', 'operator');
  const paths = (await fay.get('/api/openapi.json')).body['paths'] as unknown as Record<string, { get?: Operation }>;
  const isFile = (path: string, { parameters = [] }: Operation) =>
    path.endsWith('.csv') || parameters.some(({ schema }) => schema?.enum?.includes('csv'));
  files = new Set(Object.entries(paths).flatMap(([path, { get }]) => (get && isFile(path, get) ? [path] : [])));

  const bought = await buy(gateway, fay, '30.00');
  const other = await buy(gateway, fay, '20.00');
  const { key } = (await fay.post('/api/keys', { name: 'mine' })).body;
  await post(gateway.url, String(key), chat('[[sandbox tokens=60000]]', { max_tokens: 60_000 }));
  const refund = firstOf(await pay(fay, '/api/refunds', { topup_id: other.id, amount: '10.00' }));
  await pay(fay, `/api/finance/refunds/${String(refund['id'])}/approve`);
  await refundIs(fay, String(refund['id']), 'completed');
  disputeId = gateway.stripe.dispute(await intentOf(gateway, bought)).id;
  await until('all is booked', async () => (await countOf(gateway, 'BalanceTransactionBooked')) === 4);
  await until('a credit note', async () => (await countOf(gateway, 'CreditNoteIssued')) === 1);
  await overbooked();
});
afterAll(() => gateway.close());

/** A bill of less than was booked for the call. */
async function overbooked(): Promise<void> {
  const events = await gateway.app.get(EventStore).readAll(START, 1_000);
  const charged = events.map(readAccountEvent).find(({ type }) => type === 'TokensCharged');
  if (charged?.type !== 'TokensCharged') throw new Error('nothing was charged');
  const { pricedAt, upstreamModel, provider: channel } = charged.data;
  const content = `day,model,cost\n${pricedAt.slice(0, 10)},${upstreamModel},0.00\n`;
  const bill = { format: 'csv', channel, name: 'bill.csv', content };
  expect(await jobOver(fay, await pay(fay, '/api/finance/provider-bills', bill))).toMatchObject({
    result: { lines: { differs: 1 } },
  });
}

it('every one of them is looked at here', () =>
  expect([...files].toSorted()).toEqual([...Object.keys(FILES), ...ELSEWHERE].toSorted()));

it.each(Object.entries(FILES))('the amounts of %s are numbers', async (path, [query, hasNegative]) => {
  const { status, text } = await fay.get(`${path.replace('{id}', disputeId)}?${query}`);
  expect(status, text).toBe(200);
  const cells = parse(text).flat();
  expect(cells.filter((cell) => cell.startsWith("'"))).toEqual([]);
  expect(cells.some((cell) => /^-\d+\.\d+$/.test(cell))).toBe(hasNegative);
});
