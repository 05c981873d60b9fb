// Modes: embedded. Price lists are decided on in the stream, the same on every store.
// An operator corrects prices through /api: what is scheduled stands, what is published late changes no charge.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, type JsonValue, usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { type ModelPrices, startingPriceList } from '../../../src/pricing/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';

const LISTS = '/api/operator/price-lists';
const NEXT_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
/** As it is sent. */
const asJson = (models: readonly ModelPrices[]) => JSON.parse(JSON.stringify(models)) as JsonValue;
const changing = (body: JsonObject) => (body['changes'] as unknown as { to: string }[]).map(({ to }) => to);
const selling = (perRequest: string) =>
  asJson([
    ...startingPriceList().filter(({ model }) => model !== 'gpt-4o'),
    { model: 'gpt-4o', bands: [{ price: { input: '2.5', output: '10', perRequest } }] },
  ]);

let gateway: TestGateway;
let olga: TestPerson;
beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
});
afterAll(() => gateway.close());

const publish = (body: JsonObject) => olga.post(LISTS, { reason: 'the new prices', ...body });
const call = (key: string) => post(gateway.url, key, chat('Hi', { model: 'gpt-4o' }));

describe('price lists under /api', () => {
  it('publishes for the past: a charge that was made keeps its price, and is counted', async () => {
    const account = await gateway.desk.account();
    const before = new Date().toISOString();
    await call(account.key);
    const body = { models: selling('0.01'), effective_from: before, expected_version: 1 };
    const { body: checked } = await olga.post(`${LISTS}/check`, {
      models: body.models,
      effective_from: before,
    });
    expect(checked).toMatchObject({ faults: [], warnings: [{ code: 'for_the_past', model: null }] });
    expect(checked['changes']).toContainEqual(
      expect.objectContaining({ model: 'gpt-4o', of: 'price', kind: 'perRequest', from: '0.00', to: '0.01' }),
    );
    expect(codeOf(await publish(body))).toBe('price_list_doubtful');
    const published = await publish({ ...body, accept_warnings: true });
    expect(published.body).toMatchObject({ version: 2, state: 'in_force', published_by: olga.userId, until: null });
    const charge = await account.charge();
    expect((await olga.get(`${LISTS}/2/charges-priced-otherwise`)).body).toMatchObject({
      from: before,
      charges: 1,
      total: charge.cost,
    });
    await call(account.key);
    const charges = await account.eventsOf('TokensCharged');
    expect(charges.map(({ priceVersion }) => priceVersion)).toEqual([1, 2]);
  });

  it('refuses what is published on an older list than the newest, and answers again what was done', async () => {
    const body = { models: selling('0.02'), expected_version: 2 };
    expect((await publish(body)).body).toMatchObject({ version: 3 });
    expect((await publish(body)).body).toMatchObject({ version: 3 });
    expect(codeOf(await publish({ ...body, models: selling('0.03') }))).toBe('price_list_conflict');
  });

  it('withdraws what is scheduled, and only that', async () => {
    const scheduled = { models: selling('0.05'), effective_from: NEXT_YEAR, expected_version: 3 };
    expect((await publish(scheduled)).body).toMatchObject({ version: 4, state: 'scheduled' });
    expect((await olga.get(`${LISTS}/4/diff`)).body).toMatchObject({
      from: 3,
      to: 4,
      changes: [
        { of: 'cost', percent: '+150.00 %' },
        { of: 'price', percent: '+150.00 %' },
      ],
    });
    const reason = 'a mistake';
    expect((await olga.post(`${LISTS}/4/withdraw`, { reason })).body).toMatchObject({
      state: 'withdrawn',
      withdrawn: { by: olga.userId, reason },
    });
    expect(codeOf(await olga.post(`${LISTS}/3/withdraw`, { reason }))).toBe('price_list_in_force');
    const { body } = await olga.get(LISTS);
    expect((body['data'] as unknown as { state: string }[]).map(({ state }) => state)).toEqual([
      'withdrawn',
      'in_force',
      'superseded',
      'superseded',
    ]);
  });

  it('imports what providers charge: first what would change, then what somebody has seen', async () => {
    const prices = '{"input_mtok": 2.50, "cache_read_mtok": 0.250000, "output_mtok": 12.5}';
    const match = '{"equals": "gpt-6-luna"}';
    const content = `[{"id":"openai","models":[{"id":"gpt-6-luna","match":${match},"prices":${prices}}]}]`;
    const asked = { content, markup: '10', models: ['gpt-6-luna'] };
    const found = await olga.post(`${LISTS}/import/check`, asked);
    expect(found.body).toMatchObject({ source: 'content', base_version: 3, newest_version: 4, published: null });
    expect(found.body['warnings']).toContainEqual(expect.objectContaining({ code: 'unlikely_change' }));
    expect(changing(found.body)).toEqual(expect.arrayContaining(['2.75', '0.275', '13.75']));
    const apply = (more: JsonObject) =>
      olga.post(`${LISTS}/import`, { ...asked, reason: 'as they bill us', expected_version: 4, ...more });
    expect(codeOf(await apply({}))).toBe('price_list_doubtful');
    expect(codeOf(await apply({ accept_warnings: true, expected_version: 3 }))).toBe('price_list_conflict');
    const applied = await apply({ accept_warnings: true });
    expect(applied).toMatchObject({ status: 201, body: { changes: found.body['changes'], newest_version: 4 } });
    expect(applied.body['published']).toMatchObject({
      version: 5,
      state: 'in_force',
      published_by: olga.userId,
      reason: 'as they bill us',
    });
    expect((await apply({ accept_warnings: true })).body).toMatchObject({ changes: [], published: null });
    const { models } = (await olga.get(`${LISTS}/5`)).body as unknown as { models: ModelPrices[] };
    const price = { input: '2.75', cachedInput: '0.275', output: '13.75' };
    const cost = { input: '2.50', cachedInput: '0.250000', output: '12.5' };
    expect(models.find(({ model }) => model === 'gpt-6-luna')?.bands).toEqual([{ price, cost }]);
  });

  it('compares with the package that comes with it, and names what it can’t import', async () => {
    const found = await olga.post(`${LISTS}/import/check`, { models: ['gpt-6-luna', 'qwen3-max'] });
    expect(found.body['source']).toMatch(/^@pydantic\/genai-prices \d+\.\d+\.\d+$/);
    expect(changing(found.body)).toContain('0.50');
    expect(found.body['left']).toMatchObject([{ model: 'qwen3-max' }]);
    for (const [body, code] of [
      [{ models: ['gpt-99'] }, 'model_not_priced'],
      [{ content: '{' }, 'invalid_price_source'],
      [{ content: '[{"id":7}]' }, 'invalid_price_source'],
      [{ effective_from: '2000-01-01' }, 'no_price_list'],
      [{ markup: '1e1' }, 'invalid_request'],
      [{ markup: '-200' }, 'invalid_request'],
    ] as const) {
      const refused = await olga.post(`${LISTS}/import/check`, body);
      expect([body, codeOf(refused)]).toEqual([body, code]);
    }
    const unseen = { models: ['gpt-6-luna'], reason: 'unseen' };
    expect((await olga.post(`${LISTS}/import`, unseen)).body).toMatchObject({ error: { param: 'expected_version' } });
  });

  it('explains a charge to an operator, and to its owner without what is not theirs', async () => {
    const { key } = (await olga.post('/api/keys', { name: 'laptop' })).body;
    await gateway.desk.commands.execute(new GrantCredit(olga.accountId, { amount: usd('1.00'), reason: 'welcome' }));
    const { requestId, headers } = await call(String(key));
    const cost = headers.get('x-tokenhub-cost');
    const own = await olga.get(`/api/charges/${requestId}/explanation`);
    expect(own.body).toMatchObject({
      status: 'charged',
      cost,
      price: { version: 5 },
      usage: { follows_from_raw: true },
    });
    const all = await olga.get(`/api/operator/charges/${String(own.body['charge_id'])}/explanation`);
    expect(all.body).toMatchObject({
      ...own.body,
      provider_cost: cost,
      lines: expect.any(Array),
      events: expect.any(Array),
    });
    expect(own.text).not.toContain('provider_cost');
  });
});
