// A client reads what its own calls cost, as soon as it has their answers, or is told that this can't be told now.
// Modes: embedded, servers. It stops the read models of the one gateway there is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadModelStore } from '../../../src/event-store/index.js';
import { newId } from '../../../src/kernel/index.js';
import { charges } from '../../../src/ledger/index.js';
import { type Answer, chat, errorOf, get, jsonOf, MODEL, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    // Nothing listens on port 9: every call is tried there first, and then at the sandbox.
    channels: (url) => [channel('broken', 'http://127.0.0.1:9'), channel('sandbox', url, { order: 1 })],
  });
});
afterAll(() => gateway.close());

const read = ({ key }: TestAccount, path = ''): Promise<Answer> => get(gateway.url, `/v1/charges${path}`, key);
const idOf = ({ headers }: Answer): string => headers.get('x-tokenhub-charge-id') ?? '';

describe('GET /v1/charges/{id}', () => {
  it.each([
    ['a plain answer', {}],
    ['a stream', { stream: true }],
  ])('tells the charge of a call at once after %s', async (_case, more) => {
    // A channel that failed five times in a row is passed over, so the number of attempts changes.
    for (let round = 0; round < 5; round++) {
      const account = await gateway.desk.account();
      const answer = await post(gateway.url, account.key, chat('[[sandbox tokens=5]]', { max_tokens: 9, ...more }));
      const found = await read(account, `/${idOf(answer)}`);
      const [charge, [hold]] = [await account.charge(), await account.eventsOf('HoldPlaced')];
      expect(found.status).toBe(200);
      expect(jsonOf(found)).toEqual({
        id: charge.chargeId,
        object: 'charge',
        created: Math.floor(Date.parse(hold?.at ?? '') / 1_000),
        request_id: answer.requestId,
        key_id: account.keyId,
        model: MODEL,
        status: 'charged',
        currency: 'usd',
        cost: charge.cost,
        held: hold?.amount,
        price_version: 1,
        usage: charge.usageRaw,
        provider: 'sandbox',
        attempts: charge.attempts.map(({ channel: name, status }) => ({ channel: name, status })),
        release_reason: null,
      });
    }
  });

  it('tells why a call was not charged', async () => {
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('[[sandbox fault=no_usage]]'));
    expect(jsonOf(await read(account, `/${idOf(answer)}`))).toMatchObject({
      status: 'released',
      cost: '0.00',
      usage: null,
      provider: 'sandbox',
      release_reason: 'usage_unknown',
    });
  });

  it('tells what a call under way holds', async () => {
    const account = await gateway.desk.account();
    const slow = post(gateway.url, account.key, chat('[[sandbox delay=3000]]', { max_tokens: 9 }));
    const hold = await until('the hold', async () => (await account.eventsOf('HoldPlaced'))[0]);
    const found = jsonOf(await read(account, `/${hold.chargeId}`));
    expect(found).toMatchObject({ status: 'open', cost: null, held: hold.amount, usage: null, attempts: [] });
    expect((await slow).status).toBe(200);
  });

  it('tells by how much a charge exceeded its hold', async () => {
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('[[sandbox fault=usage_over]]', { max_tokens: 10 }));
    const { overage } = await account.charge();
    expect(overage).toMatch(/^\d+\.\d+$/);
    expect(jsonOf(await read(account, `/${idOf(answer)}`))).toMatchObject({ overage });
  });

  it('knows nothing of what is not there, is not an id, or is another account’s', async () => {
    const [account, other] = [await gateway.desk.account(), await gateway.desk.account()];
    const answer = await post(gateway.url, other.key, chat('Hi'));
    for (const id of [idOf(answer), newId(), 'no-id', '%00', `${newId()}0`]) {
      const { status, type, code, param } = errorOf(await read(account, `/${id}`));
      expect([status, type, code, param]).toEqual([404, 'invalid_request_error', 'charge_not_found', 'id']);
    }
    expect((await read(other, `/${idOf(answer)}`)).status).toBe(200);
  });

  it('needs a key that works', async () => {
    expect(errorOf(await get(gateway.url, '/v1/charges', 'sk-th_'))).toMatchObject({ status: 401 });
    expect(errorOf(await get(gateway.url, `/v1/charges/${newId()}`, 'sk-th_'))).toMatchObject({ status: 401 });
  });
});

describe('GET /v1/charges', () => {
  it('lists the account’s own, the newest first, page by page', async () => {
    const [account, other] = [await gateway.desk.account(), await gateway.desk.account()];
    const ids: string[] = [];
    for (let call = 0; call < 5; call++) {
      await post(gateway.url, other.key, chat('Hi'));
      ids.unshift(idOf(await post(gateway.url, account.key, chat('Hi'))));
    }
    const pages = [];
    for (let after = ''; ;) {
      const page = jsonOf(await read(account, `?limit=2${after}`));
      pages.push(page);
      if (page['has_more'] !== true) break;
      after = `&after=${String(page['last_id'])}`;
    }
    const idsOf = ({ data }: { data?: unknown }) => (data as { id: string }[]).map(({ id }) => id);
    expect(pages.map(idsOf)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(pages[1]).toMatchObject({ object: 'list', has_more: true, first_id: ids[2], last_id: ids[3] });
    const whole = jsonOf(await read(account));
    expect([idsOf(whole), whole['has_more']]).toEqual([ids, false]);
    expect((whole['data'] as unknown[])[0]).toEqual(jsonOf(await read(account, `/${ids[0] ?? ''}`)));
  });

  it('is empty for an account that has called nothing', async () => {
    const account = await gateway.desk.account();
    const empty = { object: 'list', data: [], has_more: false, first_id: null, last_id: null };
    expect(jsonOf(await read(account))).toEqual(empty);
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?limit=ten', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?after=nothing', 'after'],
    [`?after=${newId()}`, 'after'],
  ])('refuses %s', async (query, param) => {
    const account = await gateway.desk.account();
    expect(errorOf(await read(account, query))).toMatchObject({ status: 400, type: 'invalid_request_error', param });
  });

  it('takes no other account’s charge for a place in the list', async () => {
    const [account, other] = [await gateway.desk.account(), await gateway.desk.account()];
    const answer = await post(gateway.url, other.key, chat('Hi'));
    expect(errorOf(await read(account, `?after=${idOf(answer)}`))).toMatchObject({ status: 400, param: 'after' });
  });
});

describe('while the read model of charges can’t catch up', () => {
  it('a read is told so and when to try again, instead of a 404; calls go on', async () => {
    const readModels = gateway.app.get(ReadModelStore);
    const apply = readModels.apply.bind(readModels);
    readModels.apply = (view, batch) =>
      view.name === charges.view.name ? Promise.reject(new Error('the disk is full')) : apply(view, batch);
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi'));
    expect(answer.status).toBe(200);
    const [one, all] = await Promise.all([read(account, `/${idOf(answer)}`), read(account)]);
    for (const refused of [one, all]) {
      expect(errorOf(refused)).toMatchObject({ status: 503, type: 'service_unavailable' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    readModels.apply = apply;
    const found = await until('the charge', async () => {
      const again = await read(account, `/${idOf(answer)}`);
      return again.status === 200 && again;
    });
    expect(jsonOf(found)).toMatchObject({ id: idOf(answer), status: 'charged' });
  });
});
