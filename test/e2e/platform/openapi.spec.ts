// Modes: embedded. The document is made of annotations alone.
// The OpenAPI document of /api: valid, whole, and what the answers really are.
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { newPersonWithRole, TestBrowser, type TestPerson } from '../../support/gateway/person.js';
import { ANYONE, CUSTOMER, FINANCE, OPERATOR, registered, routesOf, SESSION } from '../../support/gateway/routes.js';
import { buy, pay } from '../../support/payments/cashier.js';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security: readonly JsonObject[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: JsonObject;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
  readonly 'x-audience': string;
}

let gateway: TestGateway;
let fay: TestPerson;
let document: JsonObject;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  gateway = await startGateway();
  const { body } = await new TestBrowser(gateway.url).get('/api/openapi.json');
  document = body;
  operations = new Map(
    Object.entries(document['paths'] as unknown as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [
          `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
          operation,
        ]),
    ),
  );
});
afterAll(() => gateway.close());

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it('has every route of /api, and who may call it', () => {
    expect([...operations.keys()].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(registered(gateway));
    const audiences = { anyone: ANYONE, session: SESSION, customer: CUSTOMER, finance: FINANCE, operator: OPERATOR };
    for (const [audience, table] of Object.entries(audiences)) {
      const said = routesOf(table).filter((route) => operations.get(route)?.['x-audience'] !== audience);
      expect([audience, said]).toEqual([audience, []]);
    }
  });

  it('says of each what it does, takes and answers', () => {
    const faults = [...operations].flatMap(([route, { summary, tags, responses, parameters = [], requestBody }]) => {
      const success = Object.keys(responses).filter((status) => /^[23]/.test(status));
      const described = parameters.every(({ description, in: where }) => where === 'path' || description);
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => `:${name}`);
      const placeholders = route.match(/:\w+/g) ?? [];
      return [
        ...(summary && tags?.length === 1 ? [] : [`${route}: summary or tag`]),
        ...(success.length > 0 ? [] : [`${route}: no success among ${Object.keys(responses).join()}`]),
        ...(described ? [] : [`${route}: a parameter without description`]),
        ...(inPath.join() === placeholders.join() ? [] : [`${route}: ${inPath.join()}`]),
        ...(route.startsWith('GET') && requestBody ? [`${route}: a body`] : []),
      ];
    });
    expect(faults).toEqual([]);
    expect(new Set([...operations.values()].map(({ operationId }) => operationId)).size).toBe(operations.size);
  });

  it('asks for a session, and for the CSRF token where something changes', () => {
    for (const [route, { security, 'x-audience': audience }] of operations) {
      const asked = audience === 'anyone' ? [] : [route.startsWith('GET') ? ['session'] : ['session', 'csrf']];
      expect([route, security.map((each) => Object.keys(each))]).toEqual([route, asked]);
    }
  });

  it('asks for an Idempotency-Key where money moves', () => {
    const asking = [...operations].filter(([, { parameters = [] }]) =>
      parameters.some(({ name }) => name === 'Idempotency-Key'),
    );
    expect(asking.map(([route]) => route)).toEqual(
      expect.arrayContaining(['POST /api/topups', 'POST /api/refunds', 'POST /api/finance/refunds']),
    );
  });
});

describe('answers', () => {
  // The nullable of OpenAPI 3.0 is known to ajv; its boolean exclusiveMinimum is not used.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);

  beforeAll(async () => {
    fay = await newPersonWithRole(gateway, 'finance', 'operator');
    await gateway.desk.commands.execute(new GrantCredit(fay.accountId, { amount: usd('1.00'), reason: 'welcome' }));
    await buy(gateway, fay);
    const { key } = (await fay.post('/api/keys', { name: 'one' })).body;
    await post(gateway.url, String(key), chat('hello'));
    await pay(fay, '/api/refunds', { amount: '2.00' });
  });

  it.each([
    '/api/me',
    '/api/me/sessions',
    '/api/auth/session',
    '/api/auth/methods',
    '/api/keys',
    '/api/balance',
    '/api/charges',
    '/api/entries',
    '/api/usage',
    '/api/usage?group_by=key',
    '/api/overview',
    '/api/statement',
    '/api/topups',
    '/api/topups/options',
    '/api/refunds',
    '/api/automatic-topup',
    '/api/topups/quote?amount=10&currency=cny',
    '/api/balance-alert',
    '/api/statements',
    '/api/finance/refunds',
    '/api/finance/disputes',
    '/api/finance/payouts',
    '/api/finance/fraud-warnings',
    '/api/finance/mismatches',
    '/api/finance/reconciliation',
    '/api/finance/reconciliation/items',
    '/api/finance/books/chart',
    '/api/finance/books/trial-balance',
    '/api/finance/books/roll-forward',
    '/api/finance/books/revenue',
    '/api/finance/books/breakage',
    '/api/finance/books/periods',
    '/api/operator/price-lists',
    '/api/operator/providers',
    '/api/prices',
    '/api/status',
  ])('of %s are as the document says', async (path) => {
    const { status, body, text } = await fay.get(path);
    expect(status, text).toBe(200);
    const schema = operations.get(`GET ${path.split('?')[0]}`)?.responses['200']?.content?.['application/json']?.schema;
    const validate = ajv.compile(schema === undefined ? false : { ...schema, components: document['components'] });
    expect([validate(body), validate.errors]).toEqual([true, null]);
  });

  it('that are errors are as the document says', async () => {
    const { responses } = document['components'] as { responses: { Error: Operation['responses'][string] } };
    const validate = ajv.compile(responses.Error.content?.['application/json']?.schema ?? false);
    const { body } = await fay.get('/api/entries?limit=none');
    expect([validate(body), validate.errors]).toEqual([true, null]);
  });
});
