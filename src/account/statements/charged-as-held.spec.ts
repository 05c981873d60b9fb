// A charge is of the call that its hold was placed for: at the price of that moment, for that key, of what was held. Both checkers must say so.
import { beforeAll, expect, it } from 'vitest';
import { checkStatement } from '../../../test/support/account/statement-checker.js';
import {
  FEBRUARY,
  forged,
  MARCH,
  statementLedger,
  statementOf,
} from '../../../test/support/account/statement-ledger.js';
import type { Statement } from '../../../test/support/account/statement-mutations.js';
import type { JsonObject } from '../../kernel/index.js';
import { PricedCalls } from './priced-calls.js';
import { verifyStatement } from './verify-statement.js';

let ledger: Awaited<ReturnType<typeof statementLedger>>;
beforeAll(async () => {
  ledger = await statementLedger();
  await ledger.play.call('chat', '04-03T10:00:00', { prompt_tokens: 10, completion_tokens: 10 }, { late: true });
});

const OTHER = 'of another call, price or amount than its hold';
const since = (from: string, change: (data: JsonObject) => JsonObject) => (data: JsonObject) =>
  String(data['at']) < from ? data : change(data);

/** What both say of a statement after an earlier one, without the signatures: the command line in words, the page in codes. */
async function found(text: string, earlier?: string) {
  const calls = new PricedCalls();
  if (earlier !== undefined) verifyStatement(JSON.parse(earlier) as Statement, [], calls);
  const { faults } = verifyStatement(JSON.parse(text) as Statement, [], calls);
  const page = await checkStatement(text, earlier === undefined ? {} : { earlier });
  return { faults: faults.join('\n'), codes: page.faults.map(([code]) => code) };
}

it.each<[string, (data: JsonObject) => JsonObject]>([
  ['the price of another minute', (data) => ({ ...data, pricedAt: '2026-03-01T11:59:00.000Z' })],
  ['the key of another', (data) => ({ ...data, keyId: 'key-2' })],
  ['another request', (data) => ({ ...data, requestId: 'request-0' })],
  ['another amount that was held', (data) => ({ ...data, hold: '0.49' })],
  ['more than was held, which it is not', (data) => ({ ...data, overage: '0.01' })],
])('what an insider forged of charges, with right hashes and seals, is found: %s', async (_what, change) => {
  const { faults, codes } = await found(
    await statementOf(await forged(ledger.store, since(MARCH.from, change)), MARCH).catch(
      (error: Error) => error.message,
    ),
  );
  expect(faults).toContain(OTHER);
  expect(codes).toContain('otherHold');
});

function inTime(charge: JsonObject): JsonObject {
  const { late: _, ...data } = charge;
  return data;
}

it.each<[string, string, string, (data: JsonObject) => JsonObject]>([
  ['late', 'its hold was open', 'notReleased', (data) => ({ ...data, late: true })],
  ['in time', 'its hold had been released', 'notLate', inTime],
])('a charge that claims to be %s is found', async (_what, fault, code, change) => {
  const period = { from: FEBRUARY.from, to: '2026-05-01T00:00:00.000Z' };
  const { faults, codes } = await found(await statementOf(await forged(ledger.store, change), period));
  expect(faults).toContain(fault);
  expect(codes).toContain(code);
});

it('a charge without a hold is found where every hold must be in the statements', async () => {
  const forgery = await forged(ledger.store, (data) => ({ ...data, chargeId: `${data['chargeId'] as string}-none` }));
  const { faults, codes } = await found(await statementOf(forgery, { ...FEBRUARY, to: MARCH.to }));
  expect(faults).toContain('no hold before it is');
  expect(codes).toContain('noHold');
});

it('a hold may be in the statement before', async () => {
  const after = { from: '2026-03-02T10:00:01.000Z', to: '2026-03-02T11:00:00.000Z' };
  const before = { ...FEBRUARY, to: after.from };
  const forgery = await forged(
    ledger.store,
    since(after.from, (data) => ({ ...data, hold: '0.60' })),
  );
  for (const [store, isRight] of [[ledger.store, true] as const, [forgery, false] as const]) {
    const [earlier, later] = [await statementOf(store, before, false), await statementOf(store, after, false)];
    const alone = await found(later);
    expect(alone).toEqual({ faults: '', codes: [] });
    const { faults, codes } = await found(later, earlier);
    expect([faults.includes(OTHER), codes.includes('otherHold')]).toEqual([!isRight, !isRight]);
  }
});
