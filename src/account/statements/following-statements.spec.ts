// Of two statements, the later goes on where the earlier ended: both checkers must say so, or why not.
import { beforeAll, expect, it } from 'vitest';
import { checkStatement } from '../../../test/support/account/statement-checker.js';
import { FEBRUARY, MARCH, statementLedger, statementOf } from '../../../test/support/account/statement-ledger.js';
import type { Statement } from '../../../test/support/account/statement-mutations.js';
import { add, formatUsd, type JsonObject, usd } from '../../kernel/index.js';
import { accountStream } from '../../ledger/index.js';
import { Tally } from './statement.js';
import { continuityFault, verifyStatement } from './verify-statement.js';

let february: Statement;
let march: Statement;
beforeAll(async () => {
  const { store } = await statementLedger();
  [february, march] = (await Promise.all(
    [FEBRUARY, MARCH].map(async (period) => JSON.parse(await statementOf(store, period, false)) as Statement),
  )) as [Statement, Statement];
});

const OF_BOTH = ['notAnEarlier', 'otherAccount', 'gap', 'changedSince', 'otherBalance'];
async function found(earlier: Statement | undefined, later: Statement): Promise<readonly (string | undefined)[]> {
  const { faults } = await checkStatement(JSON.stringify(later), { earlier: JSON.stringify(earlier ?? {}) });
  return [
    earlier && continuityFault(earlier, later),
    ...faults.map(([code]) => code).filter((code) => OF_BOTH.includes(code)),
  ];
}

it('the next one follows', async () => expect(await found(february, march)).toEqual([undefined]));

it.each<[string, (later: Statement) => Partial<Statement>, string, string]>([
  ['of another account', () => ({ account_id: 'acct-2' }), 'of two accounts', 'otherAccount'],
  ['after a gap', ({ before }) => ({ before: { ...before, revision: before.revision + 1 } }), 'goes on after', 'gap'],
  ['of a changed ledger', ({ before }) => ({ before: { ...before, hash: 'a'.repeat(64) } }), 'another', 'changedSince'],
  ['with another balance', () => ({ opening_balance: '7.00' }), 'begins with $7.00', 'otherBalance'],
])('one %s does not', async (_what, change, sentence, code) => {
  const [said, ...codes] = await found(february, { ...march, ...change(march) });
  expect(said).toContain(sentence);
  expect(codes).toEqual([code]);
});

it('an empty one follows, and is followed', async () => {
  const empty = { ...march, events: [], closing_balance: march.opening_balance };
  expect(await found(february, empty)).toEqual([undefined]);
  expect(await found({ ...empty, to: MARCH.from }, march)).toEqual([undefined]);
  expect(await found({ ...empty, before: { ...empty.before, hash: 'a'.repeat(64) } }, march)).toContain('changedSince');
});

it('the first one of an account begins with nothing', async () => {
  const richer = {
    opening_balance: '5.00',
    closing_balance: formatUsd(add(usd(february.closing_balance), usd('5.00'))),
  };
  const forged = { ...february, ...richer };
  expect(verifyStatement(forged).faults).toEqual(['An account begins with nothing, not with $5.00.']);
  expect((await checkStatement(JSON.stringify(forged))).faults).toEqual([['beginsWithNothing', { opening: '5.00' }]]);
});

it.each(['February', 'March'])('the page shows the totals that the PDF has: %s', async (month) => {
  const statement = month === 'March' ? march : february;
  const tally = new Tally({ openingBalance: usd(statement.opening_balance), before: statement.before });
  for (const { hash, ...event } of statement.events) {
    const where = { stream: accountStream(statement.account_id), position: event.revision, recordedAt: '' };
    tally.take({ ...event, ...where, data: event.data as JsonObject, metadata: { hash } });
  }
  const { totals } = await checkStatement(JSON.stringify(statement));
  expect(totals?.balance).toBe(tally.balance);
  expect(Object.fromEntries(totals?.types ?? [])).toEqual(Object.fromEntries(tally.byType));
  const models = [...tally.byModel].map(
    ([model, { calls, promptTokens: prompt, completionTokens: completion, cost }]) => [
      model,
      { calls, prompt, completion, cost },
    ],
  );
  expect(Object.fromEntries(totals?.models ?? [])).toEqual(Object.fromEntries(models));
});

it('what is no statement is none before', async () =>
  expect(await found(undefined, march)).toEqual([undefined, 'notAnEarlier']));
