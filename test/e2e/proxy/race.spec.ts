// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Nobody spends what they don't have, however many requests and processes race for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, Rejection, usd } from '../../../src/kernel/index.js';
import { account as decider, available } from '../../../src/ledger/index.js';
import { chat, errorOf, MODEL, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { until } from '../../support/gateway/until.js';

const CREDIT = '0.10';
const AFFORDABLE = 10;
const CALLS = 200;

let gateway: TestGateway;
let office: Office;
beforeAll(async () => {
  gateway = await startGateway();
  office = await openOffice(gateway.files);
  // A call costs one cent, whatever it says: so its hold is one cent exactly.
  const price = { input: '0', output: '0', perRequest: '0.01' };
  await gateway.publish([{ model: MODEL, bands: [{ price }] }]);
});
afterAll(async () => {
  await office.close();
  await gateway.close();
});

/** Folds the account's events one by one: available is never negative, and never more holds are open than it can pay. */
async function mostOpenHolds(account: TestAccount): Promise<number> {
  let state = decider.initial();
  let most = 0;
  for (const event of await account.events()) {
    state = decider.evolve(state, event);
    const at = Date.parse(event.data.at);
    expect(available(state, at) >= 0n, `available is negative after ${event.type}`).toBe(true);
    most = Math.max(most, state.holds.size);
  }
  return most;
}

const countBy = (statuses: readonly number[]) =>
  Object.fromEntries([...new Set(statuses)].map((status) => [status, statuses.filter((one) => one === status).length]));

const burst = (account: TestAccount, prompt: string, calls = CALLS, more = {}) =>
  Promise.all(Array.from({ length: calls }, () => post(gateway.url, account.key, chat(prompt, more))));

describe('200 calls at once on an account that can pay ten', () => {
  it.each([
    ['plain', {}],
    ['streamed', { stream: true }],
    ['capped', { max_tokens: 10 }],
  ])('%s: ten are answered, the rest are refused', async (_kind, more) => {
    const account = await gateway.desk.account(CREDIT);
    const answers = await burst(account, '[[sandbox delay=2000]]', CALLS, more);
    expect(countBy(answers.map(({ status }) => status))).toEqual({ 200: AFFORDABLE, 402: CALLS - AFFORDABLE });
    for (const answer of answers.filter(({ status }) => status === 402))
      expect(errorOf(answer)).toMatchObject({ type: 'insufficient_balance' });
    expect(await mostOpenHolds(account)).toBe(AFFORDABLE);
    expect(await account.ending()).toEqual({ charged: Array(AFFORDABLE).fill('0.01'), released: [], open: 0 });
    expect(await account.balance()).toBe('0.00');
  });

  it('that come to nothing: holds are free again, and never more than ten are open', async () => {
    const account = await gateway.desk.account(CREDIT);
    const answers = await burst(account, '[[sandbox delay=50 fault=status_500]]');
    expect(answers.every(({ status }) => status === 502 || status === 402)).toBe(true);
    expect(await mostOpenHolds(account)).toBeLessThanOrEqual(AFFORDABLE);
    expect((await account.ending()).charged).toEqual([]);
    expect(await account.available()).toBe(CREDIT);
  });
});

describe('another process on the same ledger', () => {
  /** What a gateway there would decide. */
  const placeHold = (account: TestAccount) => {
    const chargeId = newId();
    const at = Date.now();
    const call = { chargeId, requestId: `req_${chargeId}`, keyId: account.keyId, model: MODEL, priceVersion: 2 };
    const hold = { ...call, amount: usd('0.01'), ttlMs: 60_000 };
    return office.accounts.decide(account.id, { type: 'PlaceHold', commandId: `${chargeId}/hold/1`, at, ...hold });
  };

  it('races for the same credit: together they place ten holds', async () => {
    const account = await gateway.desk.account(CREDIT);
    const here = burst(account, '[[sandbox delay=3000]]', CALLS / 2);
    await until('a hold', async () => (await account.ending()).open > 0);
    const there = Promise.all(Array.from({ length: CALLS / 2 }, () => placeHold(account)));
    const placedThere = (await there).filter((outcome) => !(outcome instanceof Rejection)).length;
    const answeredHere = (await here).filter(({ status }) => status === 200).length;
    expect(answeredHere + placedThere).toBe(AFFORDABLE);
    expect(await mostOpenHolds(account)).toBe(AFFORDABLE);
  });

  it('takes turns with this one, append by append', async () => {
    const account = await gateway.desk.account(CREDIT);
    const outcomes: boolean[] = [];
    for (let turn = 0; turn < 2 * AFFORDABLE; turn++) {
      const there = turn % 2 === 0;
      outcomes.push(
        there
          ? !((await placeHold(account)) instanceof Rejection)
          : (await post(gateway.url, account.key, chat('Hi'))).status === 200,
      );
    }
    expect(outcomes).toEqual([...Array<boolean>(AFFORDABLE).fill(true), ...Array<boolean>(AFFORDABLE).fill(false)]);
    expect(await mostOpenHolds(account)).toBeLessThanOrEqual(AFFORDABLE);
  });
});
