// The documentation is true to docs/api.md and to the OpenAPI document.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { type Answers, FakeApi, show } from '../../../../test/render.tsx';
import { ApiReference } from './api-reference.tsx';
import { ERROR_CODES } from './error-codes.ts';
import { operationsOf } from './openapi.ts';
import { exampleText, FILES } from './scenarios.tsx';
import { Quickstart } from './quickstart.tsx';
import { Troubleshooting } from './troubleshooting.tsx';

const apiDocs = readFileSync(`${import.meta.dirname}/../../../../../docs/api.md`, 'utf8');
const user = userEvent.setup();
const answering = (answers: Answers) => new FakeApi(answers);
const section = (title: string) => apiDocs.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

describe('the errors that are explained', () => {
  it('are those of docs/api.md, by status', () => {
    const rows = section('Errors')
      .split('\n')
      .filter((line) => /^\| \d/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const documented = rows.flatMap(([, status, , codes = '', when = '']) =>
      [...codes.matchAll(/`([a-z_]+)`/g), ...when.matchAll(/400 `(invalid_encoding)`/g)].map(([, code]) =>
        code === 'invalid_encoding' ? `400 ${code}` : `${status} ${code}`,
      ),
    );
    const explained = ERROR_CODES.flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`));
    expect(documented.length).toBeGreaterThan(20);
    expect(explained.toSorted()).toEqual(documented.toSorted());
  });

  it('are found by status', async () => {
    await show(<Troubleshooting />);
    await user.type(await screen.findByRole('searchbox'), '402');
    expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
      'insufficient_balance',
    ]);
  });
});

describe('the scenarios', () => {
  it.each(Object.entries(FILES))('show the programs of examples/%s as they are', (scenario, files) => {
    for (const file of files) expect(exampleText(`${scenario}/${file}`)).not.toBe('');
  });
});

describe('the quickstart', () => {
  const prices = {
    data: [{ model: 'claude-x', kind: 'chat', available: true }],
  };

  it('shows the reader’s newest live key by its end, and a model that can be called', async () => {
    const keys = [
      { status: 'revoked', last4: 'old1' },
      { status: 'active', last4: 'wxyz' },
    ];
    answering({ 'GET /api/keys': { data: keys }, 'GET /api/prices': prices });
    await show(<Quickstart />);
    const curl = (await screen.findAllByRole('region', { name: 'curl' }))[0];
    await screen.findByText(/The examples show sk-th_\.\.\.wxyz/);
    expect(curl?.textContent).toContain('Bearer sk-th_...wxyz');
    expect(curl?.textContent).toContain('"model": "claude-x"');
  });

  it('shows nobody’s key to who is not logged in', async () => {
    const session = {
      logged_in: false,
      code_required: false,
      csrf_token: null,
    };
    answering({
      'GET /api/auth/session': session,
      'GET /api/prices': prices,
    });
    await show(<Quickstart />);
    const [curl] = await screen.findAllByRole('region', { name: 'curl' });
    expect(curl?.textContent).toContain('Bearer sk-th_..."');
  });
});

const DOCUMENT = {
  paths: {
    '/api/keys/{id}': {
      get: {
        operationId: 'keys_retrieve',
        tags: ['Keys'],
        summary: 'A key',
        'x-audience': 'customer',
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: {
            description: 'The key',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Key' },
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Key: {
        required: ['id'],
        properties: {
          id: { type: 'string', description: 'its id' },
          models: { type: 'array', nullable: true, items: { type: 'string' } },
          status: { type: 'string', enum: ['live', 'revoked'] },
        },
      },
    },
  },
};

describe('the reference of /api', () => {
  it('reads operations, with what they take and answer', () => {
    expect(operationsOf(DOCUMENT)).toEqual([
      {
        id: 'keys_retrieve',
        method: 'GET',
        path: '/api/keys/{id}',
        tag: 'Keys',
        summary: 'A key',
        audience: 'customer',
        parameters: [
          {
            name: 'id',
            type: 'string, path',
            isRequired: true,
            description: '',
          },
        ],
        body: [],
        answers: [
          {
            status: '200',
            description: 'The key',
            fields: [
              {
                name: 'id',
                type: 'string',
                isRequired: true,
                description: 'its id',
              },
              {
                name: 'models',
                type: 'list of string',
                isRequired: false,
                description: '',
              },
              {
                name: 'status',
                type: '"live" | "revoked"',
                isRequired: false,
                description: '',
              },
            ],
          },
        ],
      },
    ]);
    expect(operationsOf(undefined)).toEqual([]);
  });

  it('opens an operation to its fields', async () => {
    answering({ 'GET /api/openapi.json': DOCUMENT });
    await show(<ApiReference />);
    const operation = await screen.findByRole('button', {
      name: /GET \/api\/keys\/\{id\}/,
    });
    await user.click(operation);
    expect(operation.getAttribute('aria-expanded')).toBe('true');
    await screen.findByText('its id');
  });

  it('has every endpoint of /v1 that docs/api.md lists', async () => {
    const table = apiDocs.slice(apiDocs.indexOf('| endpoint '), apiDocs.indexOf('## Headers of an answer'));
    const paths = [...table.matchAll(/`(?:GET |POST )?(\/v1\/[^`?]+)`/g)].map(([, path = '']) => path);
    answering({ 'GET /api/openapi.json': DOCUMENT });
    await show(<ApiReference />);
    const shown = (await screen.findAllByRole('rowheader')).map(({ textContent }) => textContent);
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) expect(shown.some((text) => text?.endsWith(path))).toBe(true);
  });
});
