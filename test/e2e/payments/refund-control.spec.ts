// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Refunds are decided on whole: one request, one limit, one identity; all of it or nothing; and the customer hears of it.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Accounts } from '../../../src/ledger/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { tokenhub } from '../../support/gateway/gateway-process.js';
import { mailsTo, mailTo } from '../../support/gateway/mailbox.js';
import { codeOf, dataOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { balanceOf, buy, firstOf, pay } from '../../support/payments/cashier.js';

const DECLINED = 'Your refund was declined';

let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;
let finn: TestPerson;

beforeAll(async () => {
  gateway = await startGateway({ env: { REFUND_ALONE_USD: '100' } });
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
});
beforeEach(async () => {
  ada = await newPerson(gateway);
});
afterAll(() => gateway.close());

const approve = (id: unknown, by: TestPerson) => pay(by, `/api/finance/refunds/${String(id)}/approve`);
const askFor = (amount: string, by = fay) =>
  pay(by, '/api/finance/refunds', { account_id: ada.accountId, amount, reason: 'complaint 17' });
const refund = (...args: string[]) => tokenhub({ ...gateway.files, REFUND_ALONE_USD: '100' }, 'refund', ...args);
const refundOf = async (id: string) =>
  await gateway.app.get(Accounts).read(ada.accountId, ({ refunds }) => refunds.get(id), { fresh: true });

it('the limit for one person holds for a request as a whole, however many purchases it is taken from', async () => {
  for (let count = 0; count < 5; count++) await buy(gateway, ada, '100.00');
  const pieces = dataOf(await askFor('500.00'));
  expect(pieces).toHaveLength(5);
  for (const { id } of pieces) expect(codeOf(await approve(id, fay))).toBe('second_person_needed');
  for (const { id } of pieces) expect((await approve(id, finn)).status).toBe(200);
});

it('and for what one person asks for in several requests within a day', async () => {
  await buy(gateway, ada, '200.00');
  const [first, second] = [firstOf(await askFor('60.00')), firstOf(await askFor('60.00'))];
  expect((await approve(first['id'], fay)).status).toBe(200);
  expect(codeOf(await approve(second['id'], fay))).toBe('second_person_needed');
  expect((await approve(second['id'], finn)).status).toBe(200);
});

it('a person is the same by address and by id at the command line', async () => {
  await buy(gateway, ada, '200.00');
  const id = String(firstOf(await askFor('150.00'))['id']);
  for (const name of [fay.userId, fay.email, fay.accountId])
    await expect(refund('approve', id, '--approved-by', name)).rejects.toThrow('Someone else must approve it');
  await expect(refund('approve', id, '--approved-by', 'finance department')).rejects.toThrow('there is no user');
  // It is approved, and sent by a gateway: the sandbox Stripe is not for the command line.
  await expect(refund('approve', id, '--approved-by', finn.email)).rejects.toThrow('the sandbox inside a gateway');
  const approved = (await gateway.desk.store.readStream(`account-${ada.accountId}`, 0, 1_000)).at(-1);
  expect(approved).toMatchObject({ type: 'RefundApproved', data: { approvedBy: finn.userId } });
});

it('who declines a refund says why, and the customer hears of it, wherever it was declined', async () => {
  await buy(gateway, ada, '20.00');
  const ask = async () => String(firstOf(await pay(ada, '/api/refunds', { amount: '5.00' }))['id']);
  const [first, second] = [await ask(), await ask()];
  expect(codeOf(await pay(fay, `/api/finance/refunds/${first}/decline`))).toBe('invalid_request');
  await pay(fay, `/api/finance/refunds/${first}/decline`, { reason: 'It was used on the 3rd.' });
  await refund('decline', second, '--by', finn.email, '--reason', 'Asked for twice.');
  // One email each; in which order they go out depends on who looks first.
  await mailTo(gateway, ada.email, DECLINED, 2);
  const emails = (await mailsTo(gateway, ada.email)).filter(({ subject }) => subject === DECLINED);
  expect(emails).toHaveLength(2);
  for (const [id, why, by] of [
    [first, 'It was used on the 3rd.', fay],
    [second, 'Asked for twice.', finn],
  ] as const) {
    expect((await ada.get(`/api/refunds/${id}`)).body).toMatchObject({
      status: 'failed',
      failure: 'declined',
      failure_reason: why,
      declined_by: by.userId,
    });
    expect(emails.filter(({ text }) => text.includes('$5.00') && text.includes(why))).toHaveLength(1);
    expect(await refundOf(id)).toMatchObject({ status: 'failed' });
  }
});

it('of requests at the same moment each is granted whole or refused with what can be refunded', async () => {
  for (const amount of ['33.33', '30.00', '30.00']) await buy(gateway, ada, amount);
  const ask = () => pay(ada, '/api/refunds', { amount: '40.00' });
  const replies = await Promise.all(Array.from({ length: 8 }, ask));
  const made = replies.filter(({ status }) => status === 201);
  expect(made).toHaveLength(2);
  for (const reply of made)
    expect(dataOf(reply).reduce((cents, { credit }) => cents + BigInt(String(credit).replace('.', '')), 0n)).toBe(
      4_000n,
    );
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    expect([reply.status, codeOf(reply)]).toEqual([409, 'refund_exceeds_credit']);
    expect(reply.text).toMatch(/\$(13\.33|53\.33) can be refunded now/);
  }
  expect(await balanceOf(gateway, ada.accountId)).toBe('13.33');
});
