// What docs/statements.md tells of docs/statement-sample.json, recomputed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStatement } from '../../../test/support/account/statement-checker.js';
import { MARCH, statementLedger } from '../../../test/support/account/statement-ledger.js';
import { type Amount, formatUsd, type JsonObject, picoUsd, subtract, usd } from '../../kernel/index.js';
import { type AccountEventData, entryOf, readAccountEvent } from '../../ledger/index.js';
import { statementText } from './statement-note.js';
import { anyStatementSchema, type SignedStatement } from './statement-schema.js';
import { verifyStatement } from './verify-statement.js';

const docs = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');
const PAGE = docs('statements.md');
const TEXT = docs('statement-sample.json');
const SAMPLE = anyStatementSchema.parse(JSON.parse(TEXT)) as SignedStatement;
const [KEY = ''] = /token-hub\/\S+\+[0-9a-f]{8}\+\S+/.exec(PAGE) ?? [];

it('the sample is right by the key that the page names, and the page has its signed text', async () => {
  expect(verifyStatement(SAMPLE, [KEY])).toMatchObject({ faults: [], signedBy: KEY });
  expect(await checkStatement(TEXT, { keys: KEY })).toMatchObject({ faults: [], trusted: true });
  expect(PAGE).toContain(statementText(SAMPLE, SAMPLE.events.at(-1)!, SAMPLE.events.length));
});

it('the sample is the statement of the ledger whose statements are tampered with, price corrections of each kind in it', async () => {
  const {
    proof: _proof,
    signature: _signature,
    ...made
  } = JSON.parse(await (await statementLedger()).statement(MARCH));
  expect(SAMPLE).toMatchObject(made); // the proof has when each event was recorded
  const corrections = SAMPLE.events.filter(({ type }) => type === 'ChargeRerated').map(({ data }) => data);
  const isOf = (kind: (data: JsonObject) => boolean): boolean => (corrections as JsonObject[]).some(kind);
  const kinds = [
    isOf(({ cost, previousCost }) => usd(String(cost)) < usd(String(previousCost))),
    isOf(({ cost, previousCost }) => usd(String(cost)) > usd(String(previousCost))),
    isOf(({ cost, previousCost, absorbed }) => cost === previousCost && absorbed === undefined),
    isOf(({ absorbed }) => absorbed !== undefined),
    isOf(({ successors }) => successors !== undefined),
  ];
  expect(kinds).toEqual(kinds.map(() => true));
});

it('the hashes of its chain are those of revisions 6 and 7', () => {
  const hashes = SAMPLE.events.filter(({ revision }) => revision === 6 || revision === 7).map(({ hash }) => hash);
  for (const hash of hashes) expect(PAGE).toContain(hash);
  expect(hashes.length).toBe(2);
});

it('the sums of its entries are those that the page adds up', () => {
  const sums = new Map<string, Amount>();
  for (const event of SAMPLE.events) {
    const recorded = { ...event, stream: '', position: 0, recordedAt: '', metadata: {} };
    const { type, amount = picoUsd(0n) } = entryOf(readAccountEvent(recorded as never)) ?? {};
    if (type !== undefined) sums.set(type, picoUsd((sums.get(type) ?? 0n) + amount));
  }
  const told = [...PAGE.matchAll(/([+−]) (\d[\d.]*) \(/g)].map(([, sign, digits = '']) =>
    sign === '−' ? subtract(picoUsd(0n), usd(digits)) : usd(digits),
  );
  expect(told.map(formatUsd).toSorted()).toEqual([...sums.values()].map(formatUsd).toSorted());
  const all = told.reduce((sum, amount) => sum + amount, usd(SAMPLE.opening_balance) as bigint);
  expect([formatUsd(picoUsd(all)), PAGE.includes(`= ${SAMPLE.closing_balance}`)]).toEqual([
    SAMPLE.closing_balance,
    true,
  ]);
});

it('the lines of its worked call are counts × rates, and sum to its cost', () => {
  const lines = [...PAGE.matchAll(/^\| [a-z ]+ \| (\d+) +\| ([\d.]*) +\| ([\d.]+) +\|$/gm)].map(
    ([, count = '', perMillion = '', amount = '']) => ({ count: BigInt(count), perMillion, amount: usd(amount) }),
  );
  const products = lines.map(({ count, perMillion, amount }) =>
    perMillion === '' ? amount : (count * usd(perMillion)) / 1_000_000n,
  );
  expect(products).toEqual(lines.map(({ amount }) => amount));
  const { cost } = SAMPLE.events.find(({ revision }) => revision === 7)!.data as AccountEventData<'TokensCharged'>;
  expect([lines.length, lines.reduce((sum, { amount }) => sum + amount, 0n)]).toEqual([8, usd(cost)]);
});
