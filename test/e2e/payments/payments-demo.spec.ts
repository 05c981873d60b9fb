// Modes: embedded. The demo is one process on files.
// The demo as a person has it: no key of anything, and a sandbox in the place of everybody.
import { request as ask } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newFolder } from '../../support/gateway/gateway.js';
import { type RunningGateway, startGatewayProcess } from '../../support/gateway/gateway-process.js';
import { newPerson } from '../../support/gateway/person.js';
import { pay, topupIs } from '../../support/payments/cashier.js';
import { until } from '../../support/gateway/until.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateway;
beforeAll(async () => {
  files = await newFolder();
  gateway = await startGatewayProcess(files.env);
});
afterAll(async () => {
  await gateway.program.kill('SIGTERM');
  await files.close();
});

it('takes made-up money at a checkout that says so, and tells the gateway of it', async () => {
  const ada = await newPerson(gateway);
  const { body } = await pay(ada, '/api/topups', { amount: '10.00', currency: 'cny' });
  expect(body).toMatchObject({ price_minor: 7_200 });
  const checkout = String(body['checkout_url']);
  expect(await (await fetch(checkout)).text()).toContain('SANDBOX');
  const paid = await fetch(checkout, {
    method: 'POST',
    body: new URLSearchParams({ scenario: 'card' }),
    redirect: 'manual',
  });
  const back = String(paid.headers.get('location'));
  expect(back).toBe(`${gateway.url}/topup?topup=${String(body['id'])}&checkout=paid`);
  await topupIs(ada, String(body['id']), 'paid');
  expect(gateway.program.output).toContain('a SANDBOX takes made-up money');
});

it('shows mail, and takes made-up money, at this machine alone', async () => {
  const mailbox = `${gateway.url}/sandbox/mailbox/messages.json`;
  const [, stripe = ''] = /made-up money at (http:[^"\s]+)/.exec(gateway.program.output) ?? [];
  const [, provider = ''] = /"url":"(http:[^"]+)","msg":"no model provider/.exec(gateway.program.output) ?? [];
  // Unlike fetch, it sends the host it is told.
  const statusOf = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await ask(url, { headers: { authorization: 'Bearer any', ...headers } });
    await answer.body.dump();
    return answer.statusCode;
  };
  for (const url of [mailbox, `${stripe}/sandbox`, `${provider}/v1/models`]) {
    expect(await statusOf(url), url).toBe(200);
    expect(await statusOf(url, { 'x-forwarded-for': '203.0.113.9' }), url).toBe(403);
    expect(await statusOf(url, { host: 'rebound.example' }), url).toBe(403);
  }
  const refusal = (await (await fetch(mailbox, { headers: { via: '1.1 proxy' } })).json()) as object;
  expect(refusal).toMatchObject({ error: { code: 'this_machine_only', type: 'permission_error' } });
});

it('has forgotten nothing after a restart: checkouts can be paid, and earlier payments disputed', async () => {
  const ada = await newPerson(gateway);
  const order = async () => {
    const { body } = await pay(ada, '/api/topups', { amount: '10.00' });
    return { id: String(body['id']), checkout: String(body['checkout_url']) };
  };
  const payAt = async (url: string) => fetch(url, { method: 'POST', body: new URLSearchParams({ scenario: 'card' }) });
  const [first, second] = [await order(), await order()];
  await payAt(first.checkout);
  await topupIs(ada, first.id, 'paid');
  await gateway.program.kill('SIGTERM');
  gateway = await startGatewayProcess({ ...files.env, PORT: new URL(gateway.url).port });

  await payAt(second.checkout);
  await topupIs(ada, second.id, 'paid');
  const stripe = new URL(first.checkout).origin;
  const charges = await fetch(`${stripe}/v1/charges`, { headers: { authorization: 'Bearer sk_test_sandbox' } });
  const { data } = (await charges.json()) as { data: { id: string }[] };
  expect(data.length).toBeGreaterThanOrEqual(3);
  const form = new URLSearchParams({ action: 'dispute', id: data[1]?.id ?? '' });
  expect((await fetch(`${stripe}/sandbox/actions`, { method: 'POST', body: form })).status).toBe(200);
  await until('the credit of the earlier payment is taken', async () => {
    const { body } = await ada.get('/api/balance');
    return body['balance'] === '10.00';
  });
});
