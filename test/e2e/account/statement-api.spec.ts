// Modes: embedded, two-gateways. What one gateway booked, the other states.
// A person's statement over HTTP in its three forms.
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { statementSchema, verifyStatement } from '../../../src/account/statements/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mode } from '../../support/gateway/mode.js';
import { codeOf, newPerson, type TestPerson } from '../../support/gateway/person.js';
import { buy } from '../../support/payments/cashier.js';

let gateway: TestGateway;
let ada: TestPerson;
let balance: string;

beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('1.00'), reason: 'welcome' }));
  await buy(gateway, ada, '10.00');
  const { key } = (await ada.post('/api/keys', { name: 'one' })).body;
  for (const model of ['gpt-4o', 'claude-3-5-sonnet-20241022', 'deepseek-chat']) {
    const answer = await post(gateway.url, String(key), chat('hello', { model }));
    if (answer.status !== 200) throw new Error(`no answer: ${answer.text}`);
  }
  balance = String((await ada.get('/api/balance')).body['balance']);
});
afterAll(() => gateway.close());

describe('a statement', () => {
  it('in JSON is right, and closes with the balance', async () => {
    const reply = await ada.get('/api/statement');
    expect(reply.headers.get('content-disposition')).toMatch(/filename="statement-\d{4}-\d\d-01-to-[\d-]{10}\.json"/);
    const statement = statementSchema.parse(reply.body);
    const { signedBy, ...check } = verifyStatement(statement);
    expect(check).toMatchObject({ faults: [], charges: 3, entries: 5 });
    // A ledger on servers has a key where it is given one.
    expect(signedBy?.startsWith('token-hub/') ?? false).toBe(mode === 'embedded');
    expect(statement).toMatchObject({ account_id: ada.accountId, opening_balance: '0.00', closing_balance: balance });
  });

  it('in CSV has the balances at its ends, and every entry between them', async () => {
    const { text } = await ada.get('/api/statement?format=csv');
    const [, opening, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const closing = lines.pop();
    expect([opening?.[1], opening?.[7]]).toEqual(['Opening balance', '0.00']);
    expect([closing?.[1], closing?.[7]]).toEqual(['Closing balance', balance]);
    expect(lines.reduce((sum, cells) => sum + usd(cells[6] ?? ''), 0n)).toBe(usd(balance));
  });

  it('in PDF says the same on paper', async () => {
    const answer = await fetch(`${gateway.url}/api/statement?format=pdf`, {
      headers: { cookie: [...ada.cookies].map((pair) => pair.join('=')).join('; ') },
    });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const text = textOf(Buffer.from(await answer.arrayBuffer()));
    for (const part of [ada.accountId, 'Closing balance', balance, 'deepseek-chat', 'Credit bought', '10.00']) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ['from=2100-01-01', 'from'],
    ['from=2026-03-01&to=2026-02-01', 'earlier'],
    ['to=soon', 'to'],
    ['from=2026-02-30', 'is not a day of the calendar'],
    ['from=2026-13', 'neither a day'],
    ['from=2026-03-01T00:00:00', 'has no time zone'],
    ['format=xls', 'format'],
  ])('is refused with a sentence: %s', async (query, named) => {
    const reply = await ada.get(`/api/statement?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(named);
  });
});

it('a statement is not made for one person more than 30 times a minute', async () => {
  const eve = await newPerson(gateway);
  const ask = () => eve.get('/api/statement');
  for (let asked = 0; asked < 30; asked++) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect([refused.status, codeOf(refused)]).toEqual([429, 'rate_limit_exceeded']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ada.get('/api/statement')).status).toBe(200);
});

/** What a PDF shows: its content streams are deflated, its texts are in hex (ISO 32000-1, 7.3.4.3). */
function textOf(pdf: Buffer): string {
  const texts: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const content = inflated(pdf.subarray(at + 'stream\n'.length)).toString('latin1');
    for (const [, shown = ''] of content.matchAll(/\[(.*?)\] TJ/g)) {
      texts.push(
        [...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString()).join(''),
      );
    }
  }
  return texts.join('\n');
}

function inflated(data: Buffer): Buffer {
  try {
    return inflateSync(data, { finishFlush: 2 });
  } catch {
    return Buffer.alloc(0);
  }
}
