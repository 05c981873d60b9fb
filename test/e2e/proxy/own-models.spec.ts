// Models by all their names, and models that an operator added without a release: called, held for, charged and listed like any other.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startingPriceList } from '../../../src/pricing/index.js';
import { chat, errorOf, get, jsonOf, post } from '../../support/gateway/calls.js';
import { inEveryFormat, newFolder, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING } from '../../support/gateway/ledger-desk.js';

const MODELS = [
  {
    id: 'acme-1',
    aliases: ['acme-1-2026-11-01', 'acme-latest', 'acme/one'],
    maker: 'acme',
    name: 'Acme One',
    contextWindow: 32_768,
    maxOutputTokens: 1_000,
    released: '2026-11-01',
    bands: [
      { price: { input: '0', output: '0', perRequest: '0.02' }, cost: { input: '0', output: '0', perRequest: '0.01' } },
    ],
  },
];

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: TestGateway;
beforeAll(async () => {
  files = await newFolder();
  const path = join(files.folder, 'models.json');
  await writeFile(path, JSON.stringify({ models: MODELS }));
  gateway = await startGateway({
    env: { MODELS_FILE: path },
    channels: (url) => [
      ...inEveryFormat(url),
      { name: 'acme', baseUrl: `${url}/v1`, apiKey: 'k', makers: ['acme'], models: { 'acme-latest': 'acme-large' } },
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await files.close();
});

describe('a model of an operator’s own', () => {
  it('is listed with its limits, its price and its release day', async () => {
    const { key } = await gateway.desk.account();
    expect(jsonOf(await get(gateway.url, '/v1/models/acme-1', key))).toMatchObject({
      id: 'acme-1',
      owned_by: 'acme',
      created: Date.parse('2026-11-01') / 1_000,
      context_length: 32_768,
      pricing: { request: '0.02' },
      aliases: ['acme-1-2026-11-01', 'acme-latest', 'acme/one'],
    });
    const { data } = jsonOf(await get(gateway.url, '/v1/models', key));
    expect(data).toContainEqual(expect.objectContaining({ id: 'acme-1' }));
  });

  it.each([
    ['acme-1', 'acme-1'],
    ['acme-1-2026-11-01', 'acme-1-2026-11-01'],
    ['acme-latest', 'acme-large'],
  ])('is charged at its price when it is asked for as %s, and %s goes upstream', async (model, upstreamModel) => {
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model }));
    expect(answer.headers.get('x-tokenhub-model')).toBe('acme-1');
    expect(jsonOf(answer)['model']).toBe(upstreamModel);
    expect(await account.ending()).toEqual(charged('0.02'));
    expect(await account.eventsOf('HoldPlaced')).toMatchObject([{ model: 'acme-1', amount: '0.02' }]);
    expect(await account.eventsOf('TokensCharged')).toMatchObject([
      { upstreamModel, cost: '0.02', providerCost: '0.01', provider: 'acme' },
    ]);
  });

  // OpenAI’s libraries escape a slash, older ones for Python and curl do not.
  it.each(['acme/one', 'acme%2Fone'])('is shown under a name with a slash: %s', async (name) => {
    const { key } = await gateway.desk.account();
    const shown = jsonOf(await get(gateway.url, `/v1/models/${name}`, key));
    expect(shown).toMatchObject({ id: 'acme/one', canonical_slug: 'acme-1' });
  });

  it('can be taken off sale by a price list, and put back', async () => {
    const { key } = await gateway.desk.account();
    await gateway.publish(startingPriceList());
    const refused = await post(gateway.url, key, chat('Hi', { model: 'acme-latest' }));
    expect(errorOf(refused)).toMatchObject({ status: 404, code: 'model_not_found' });
    const bands = [{ price: { input: '0', output: '0', perRequest: '0.03' } }];
    await gateway.publish([...startingPriceList(), { model: 'acme-1', bands }]);
    const answer = await post(gateway.url, key, chat('Hi', { model: 'acme-latest' }));
    expect(answer.headers.get('x-tokenhub-cost')).toBe('0.03');
  });
});

describe('a dated id of a model', () => {
  const [MODEL, DATED] = ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'];
  const messages = (model: string) => ({ model, max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] });

  it.each(['/v1/chat/completions', '/v1/messages', '/v1/responses'])(
    'answers on %s at the model’s price',
    async (path) => {
      const account = await gateway.desk.account();
      const body = path === '/v1/responses' ? { model: DATED, input: 'Hi', max_output_tokens: 16 } : messages(DATED);
      const answer = await post(gateway.url, account.key, body, { path });
      expect([answer.status, answer.headers.get('x-tokenhub-model'), jsonOf(answer)['model']]).toEqual([
        200,
        MODEL,
        DATED,
      ]);
      const asModel = await gateway.desk.account();
      await post(gateway.url, asModel.key, { ...body, model: MODEL }, { path });
      const [[dated], [plain]] = [await account.eventsOf('HoldPlaced'), await asModel.eventsOf('HoldPlaced')];
      expect(dated).toMatchObject({ model: MODEL, priceVersion: plain?.priceVersion });
    },
  );

  it('is shown under that name', async () => {
    const { key } = await gateway.desk.account();
    const shown = jsonOf(await get(gateway.url, `/v1/models/${DATED}`, key));
    expect(shown).toEqual({ ...jsonOf(await get(gateway.url, `/v1/models/${MODEL}`, key)), id: DATED });
    expect(shown).toMatchObject({ canonical_slug: MODEL });
  });

  it.each([
    ['the model', MODEL],
    ['the dated id', DATED],
  ])('is open to a key for %s, as the model is, and to no other', async (_case, allowed) => {
    const account = await gateway.desk.account('5.00', { allowedModels: [allowed] });
    for (const model of [MODEL, DATED]) {
      expect((await post(gateway.url, account.key, chat('Hi', { model }))).status).toBe(200);
      expect((await get(gateway.url, `/v1/models/${model}`, account.key)).status).toBe(200);
    }
    const others = await gateway.desk.account('5.00', { allowedModels: ['gpt-4o'] });
    for (const model of [MODEL, DATED]) {
      const refused = await post(gateway.url, others.key, chat('Hi', { model }));
      expect(errorOf(refused)).toMatchObject({ status: 403, code: 'model_not_allowed' });
    }
    expect(await others.ending()).toEqual(NOTHING);
  });

  it('counts tokens', async () => {
    const { key } = await gateway.desk.account();
    const answer = await post(gateway.url, key, messages(DATED), { path: '/v1/messages/count_tokens' });
    expect(answer.status).toBe(200);
  });
});
