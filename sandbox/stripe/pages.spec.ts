// The pages as a browser without scripts sees them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

const get = (url: string) => fetch(url, { redirect: 'manual' });
const press = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
const leadsTo = (response: Response) => [response.status, response.headers.get('location')];

describe('the pay page', () => {
  it('says that it is a sandbox, what is bought and for how much', async () => {
    const session = await bench.checkout(
      { allowed_payment_method_types: ['card', 'alipay'], customer_email: 'ada@example.com' },
      'cny',
      719_000,
    );
    const response = await get(String(session.url));
    const page = await response.text();
    expect(page).toContain('SANDBOX');
    for (const text of ['Credit', 'CN¥7,190.00', 'ada@example.com', 'Alipay', 'https://shop.example/no'])
      expect(page).toContain(text);
    expect(page).not.toContain('WeChat');
    expect(page).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.*form-action 'self' https:\/\/shop\.example;/,
    );
  });

  it('leads to the shop after a payment', async () => {
    const { id, url } = await bench.checkout();
    const paid = await press(String(url), { scenario: 'card' });
    expect(leadsTo(paid)).toEqual([303, `https://shop.example/ok?session=${id}`]);
    expect(await (await get(String(url))).text()).toContain('This payment is complete.');
  });

  it('stays after a declined card and says so', async () => {
    const { id, url } = await bench.checkout();
    expect(leadsTo(await press(String(url), { scenario: 'declined' }))).toEqual([303, `/c/pay/${id}`]);
    expect(await (await get(String(url))).text()).toContain('Your card was declined. Try another way.');
  });

  it('asks at the bank for 3-D Secure', async () => {
    const { id, url } = await bench.checkout();
    expect(leadsTo(await press(String(url), { scenario: 'three_d_secure' }))).toEqual([
      303,
      `/c/pay/${id}/authenticate`,
    ]);
    expect(await (await get(`${url}/authenticate`)).text()).toContain('Your bank asks');
    expect(leadsTo(await press(`${url}/authenticate`, { ok: 'true' }))).toEqual([
      303,
      `https://shop.example/ok?session=${id}`,
    ]);
  });

  it('shows names as text', async () => {
    const session = await bench.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price_data: { currency: 'usd', unit_amount: 500, product_data: { name: '<b>&"\'' } } }],
      success_url: 'https://shop.example/?a="><script>',
    });
    expect(await (await get(String(session.url))).text()).toContain('&lt;b&gt;&amp;&quot;&#39;');
  });

  it('is not found for a session that is none', async () => {
    expect((await get(`${bench.sandbox.url}/c/pay/cs_none`)).status).toBe(404);
  });

  it('is not paid from another site', async () => {
    const { id, url } = await bench.checkout();
    const response = await press(String(url), { scenario: 'card' }, { 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
    expect((await bench.stripe.checkout.sessions.retrieve(id)).status).toBe('open');
  });
});

describe('the operator’s page', () => {
  const act = (action: string, id: string) => press(`${bench.sandbox.url}/sandbox/actions`, { action, id });

  it('causes what a bank causes', async () => {
    const intent = await bench.paid();
    const { latest_charge: charge } = await bench.stripe.paymentIntents.retrieve(intent);
    const page = await (await get(`${bench.sandbox.url}/sandbox`)).text();
    expect(page).toContain(String(charge));
    expect(leadsTo(await act('dispute', String(charge)))).toEqual([303, '/sandbox']);
    const { data } = await bench.stripe.disputes.list();
    await act('dispute-won', data[0]?.id ?? '');
    expect(await bench.stripe.disputes.retrieve(data[0]?.id ?? '')).toMatchObject({ status: 'won' });
    await act('payout-failed', 'all');
    expect((await bench.stripe.payouts.list()).data).toEqual([]);
    expect((await act('explode', 'all')).status).toBe(400);
  });

  it('shows receipts where charges say they are', async () => {
    const { latest_charge: id } = await bench.stripe.paymentIntents.retrieve(await bench.paid());
    const { receipt_url: url } = await bench.stripe.charges.retrieve(String(id));
    expect(await (await get(String(url))).text()).toContain('$10.00');
  });

  it('takes knobs as JSON', async () => {
    const url = `${bench.sandbox.url}/sandbox/knobs`;
    const set = await fetch(url, { method: 'POST', body: JSON.stringify({ duplicate: 3 }) });
    expect(await set.json()).toMatchObject({ duplicate: 3, drop: false });
    expect(bench.sandbox.knobs.duplicate).toBe(3);
    const refused = await fetch(url, { method: 'POST', body: JSON.stringify({ duplicate: 'many', volume: 11 }) });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('volume')]);
  });

  it('takes knobs and faults from its forms', async () => {
    const { url } = bench.sandbox;
    expect(leadsTo(await press(`${url}/sandbox/knobs`, { json: '{"delayMs":5}' }))).toEqual([303, '/sandbox']);
    expect(bench.sandbox.knobs.delayMs).toBe(5);
    await press(`${url}/sandbox/faults`, { json: '{"route":"GET /v1/balance","answer":500}' });
    await expect(bench.stripe.balance.retrieve()).rejects.toMatchObject({ statusCode: 500 });
    expect(await bench.stripe.balance.retrieve()).toMatchObject({ object: 'balance' });
  });
});
