// A call is charged at the price that was in force when it was let in; without a price it is not let in.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startingPriceList } from '../../../src/pricing/index.js';
import { chat, errorOf, get, jsonOf, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const publish = (model: string, perRequest: string) =>
  gateway.publish([{ model, bands: [{ price: { input: '0', output: '0', perRequest } }] }]);

describe('a new price list', () => {
  it('is in force for the next call, not for the one that is under way', async () => {
    await publish('gpt-4o', '0.01');
    const account = await gateway.desk.account();
    const underWay = post(gateway.url, account.key, chat('[[sandbox delay=4000]]', { model: 'gpt-4o', stream: true }));
    await until('the hold', async () => (await account.ending()).open === 1);
    await publish('gpt-4o', '0.05');
    expect((await post(gateway.url, account.key, chat('Hi', { model: 'gpt-4o' }))).status).toBe(200);
    expect((await underWay).status).toBe(200);
    const charges = await account.eventsOf('TokensCharged');
    expect(charges.map(({ priceVersion, cost }) => [priceVersion, cost])).toEqual([
      [3, '0.05'],
      [2, '0.01'],
    ]);
  });

  it('without a model takes it off the list: nothing is held, nothing forwarded', async () => {
    await publish('gpt-4o', '0.02');
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: 'gpt-4o-mini' }));
    expect(errorOf(answer)).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
    expect(await account.ending()).toEqual(NOTHING);
    const models = jsonOf(await get(gateway.url, '/v1/models', account.key))['data'];
    expect(models).toMatchObject([{ id: 'gpt-4o' }]);
  });

  it('with the model again brings it back', async () => {
    await gateway.publish(startingPriceList());
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: 'gpt-4o-mini' }));
    expect(await account.ending()).toEqual(charged(answer.headers.get('x-tokenhub-cost') ?? ''));
  });
});
