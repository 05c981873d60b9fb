// Modes: embedded. Documents and projections are the same on servers, where their contract suites run.
// What a customer's accountant gets: an invoice for each top-up, a credit note for each refund, numbered without gaps.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { dataOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { InvoiceIssuer } from '../../../src/payments/invoices/invoice-issuer.js';
import { AutomaticTopupWorker } from '../../../src/payments/orders/automatic-topup-worker.js';
import { until } from '../../support/gateway/until.js';
import { booksOf, buy, faultsOf, firstOf, pay, refundIs, topupIs } from '../../support/payments/cashier.js';

const SELLER = {
  SELLER_NAME: 'Example Gateway Ltd',
  SELLER_ADDRESS: '1 Example Street; London EC1A 1AA',
  SELLER_TAX_ID: 'GB123456789',
};
let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;

beforeAll(async () => {
  gateway = await startGateway({ env: { ...SELLER, STRIPE_TAX: 'true', REFUND_ALONE_USD: '100' } });
  ada = await newPerson(gateway);
  fay = await newPersonWithRole(gateway, 'finance');
});
afterAll(() => gateway.close());

it('invoices name seller, buyer and tax; refunds get credit notes; the books owe the tax', async () => {
  await buy(gateway, ada, '10.00');
  const second = await buy(gateway, ada, '5.00', 'cny');
  const { id } = firstOf(await pay(ada, '/api/refunds', { topup_id: second.id, amount: '2.50' }));
  await pay(fay, `/api/finance/refunds/${String(id)}/approve`);
  await refundIs(ada, String(id), 'completed');
  expect((await ada.send('PUT', '/api/me/billing', { name: ' ', address: [] })).status).toBe(400);
  const billing = { name: '爱达有限公司', address: ['1 Buyer Road', 'Shanghai'], tax_id: 'CN-1' };
  expect((await ada.send('PUT', '/api/me/billing', billing)).body).toMatchObject({ billing });
  const invoices = async () => dataOf(await ada.get('/api/invoices'));
  await until('two invoices and a credit note', async () => {
    const issued = await invoices();
    return issued.length === 2 && issued.some(({ credit_notes: notes }) => Array.isArray(notes) && notes.length === 1);
  });
  const [yuan, dollars] = await invoices();
  const year = new Date().getUTCFullYear();
  expect(dollars).toMatchObject({
    number: `${year}-000001`,
    seller: { name: 'Example Gateway Ltd', address: ['1 Example Street', 'London EC1A 1AA'], tax_id: 'GB123456789' },
    buyer: billing,
    currency: 'usd',
    net: '8.33',
    tax: '1.67',
    total: '10.00',
    credit_notes: [],
  });
  expect(yuan).toMatchObject({
    number: `${year}-000002`,
    currency: 'cny',
    net: '30.00',
    tax: '6.00',
    total: '36.00',
    rate: '720 fen for 100 cents',
    credit_notes: [{ number: `CN${year}-000001`, refund_id: id, net: '-15.00', tax: '-3.00', total: '-18.00' }],
  });
  const page = await ada.get(`/api/invoices/${year}-000002`);
  for (const text of ['<bdi>爱达有限公司</bdi>', 'GB123456789', '36.00 CNY', `CN${year}-000001`])
    expect(page.text).toContain(text);
  expect(page.text).not.toMatch(/\dT\d/); // days, as people write them
  const register = (await fay.get(`/api/finance/invoices/register.csv?year=${year}`)).text.split('\n');
  expect(register.map((line) => line.split(',')[0])).toEqual([
    'number',
    `${year}-000001`,
    `${year}-000002`,
    `CN${year}-000001`,
    '',
  ]);
  expect(await booksOf(gateway)).toMatchObject({ 'liabilities:tax': '-1.67', 'revenue:sales-tax': '1.67' }); // of USD
  expect(await faultsOf(gateway)).toEqual([]);
  // Later details change no invoice; those of others are not shown.
  await ada.send('PUT', '/api/me/billing', { name: 'Other', address: [] });
  expect((await invoices())[0]).toMatchObject({ buyer: billing });
  expect((await fay.get(`/api/invoices/${year}-000001`)).status).toBe(404);
});

it('an automatic top-up has its tax, by the address of the checkout that saved the card', async () => {
  const eve = await newPerson(gateway);
  const saving = await pay(eve, '/api/topups', { amount: '5.00', save_card: true });
  gateway.stripe.pay(String(saving.body['checkout_url']).split('/').at(-1)?.split('#')[0] ?? '');
  await topupIs(eve, String(saving.body['id']), 'paid');
  const settings = { threshold: '6.00', amount: '10.00', monthly_ceiling: '50.00' };
  expect((await eve.send('PUT', '/api/automatic-topup', settings)).body).toMatchObject({ enabled: true });
  await until('the invoice of an automatic top-up', async () => {
    await gateway.app.get(AutomaticTopupWorker).look();
    await gateway.app.get(InvoiceIssuer).look();
    const issued = dataOf(await eve.get('/api/invoices'));
    return issued.some(({ total, tax, net }) => total === '10.00' && tax === '1.67' && net === '8.33');
  });
  expect(await faultsOf(gateway)).toEqual([]);
});
