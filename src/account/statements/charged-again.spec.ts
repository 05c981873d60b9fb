import { expect, it } from 'vitest';
import { checkStatement } from '../../../test/support/account/statement-checker.js';
import { FEBRUARY, MARCH, statementLedger, statementOf } from '../../../test/support/account/statement-ledger.js';
import { rehashed, type Statement } from '../../../test/support/account/statement-mutations.js';
import { PricedCalls } from './priced-calls.js';
import { verifyStatement } from './verify-statement.js';

it('both checkers find a call that is charged again, in the same statement or in a later one', async () => {
  const { store } = await statementLedger();
  const earlier = await statementOf(store, FEBRUARY, false);
  const statement = JSON.parse(await statementOf(store, MARCH, false)) as Statement;
  const again = (chargeId: unknown, nth: number): Statement => {
    const charge = statement.events.filter(({ type }) => type === 'TokensCharged')[nth];
    const of = (event: Statement['events'][number]) =>
      event === charge ? { ...event, data: { ...event.data, chargeId } } : event;
    return rehashed({ ...statement, events: statement.events.map(of) });
  };
  const charged = (of: Statement) => of.events.find(({ type }) => type === 'TokensCharged')?.data['chargeId'];
  const before = JSON.parse(earlier) as Statement;
  const calls = new PricedCalls();
  verifyStatement(before, [], calls);
  const [inOne, inTwo] = [again(charged(statement), 1), again(charged(before), 0)];
  expect(verifyStatement(inOne).faults.join('\n')).toContain('charged before');
  expect(verifyStatement(inTwo, [], calls).faults.join('\n')).toContain('charged before');
  const codes = async (one: Statement, options = {}) =>
    (await checkStatement(JSON.stringify(one), options)).faults.map(([code]) => code);
  expect(await codes(inOne)).toContain('twice');
  expect(await codes(inTwo, { earlier })).toContain('twice');
  expect(await codes(statement, { earlier })).toEqual([]);
});
