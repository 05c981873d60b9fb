// The pages of prices and of the status.
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { type Answers, FakeApi, failure, show } from '../../../test/render.tsx';
import type { Schema } from '../../api/client.ts';
import { curlOf } from './first-call.ts';
import { PriceHistory } from './price-history.tsx';
import { fits } from './pricing-page.tsx';
import { pricingSearch } from './pricing-search.ts';
import { RateTable } from './rate-table.tsx';
import { StatusPage } from './status-page.tsx';

const answering = (answers: Answers) => new FakeApi(answers);

const model: Schema<'PricedModel'> = {
  object: 'model_price',
  model: 'gpt-4o-mini',
  name: 'GPT-4o mini',
  provider: 'openai',
  kind: 'chat',
  aliases: ['gpt-4o-mini-2024-07-18'],
  available: true,
  context_window: 128_000,
  max_output_tokens: 16_384,
  input_modalities: ['text', 'image'],
  output_modalities: ['text'],
  lifecycle: 'live',
  shutdown_date: null,
  successor: null,
  released: '2024-07-18',
  bands: [],
};

describe('the filters of prices', () => {
  it.each([
    ['a part of the id', { search: '4o-mini' }, true],
    ['words of name and maker in any order', { search: 'MINI openai' }, true],
    ['another name of it', { search: '2024-07-18' }, true],
    ['a word that it has not', { search: 'mini claude' }, false],
    ['its maker', { provider: 'openai' }, true],
    ['another kind', { kind: 'image' }, false],
  ])('find a model by %s', (_case, search, found) => expect(fits(model, search)).toBe(found));

  it('leave out what can’t be called here, unless it is asked for', () => {
    expect(fits({ ...model, available: false }, {})).toBe(false);
    expect(fits({ ...model, available: false }, { all: true })).toBe(true);
  });

  it('keep nothing in the address that is not set', () =>
    expect(pricingSearch({ search: '', provider: 'qwen', all: false, other: 1 })).toEqual({ provider: 'qwen' }));
});

describe('the call of a model', () => {
  it('goes to the endpoint of its kind, as JSON or as a form', () => {
    expect(curlOf('chat', 'gpt-4o')).toMatch(/\/v1\/chat\/completions[^]*"model": "gpt-4o"/);
    expect(curlOf('embedding', 'e')).toContain('/v1/embeddings');
    expect(curlOf('transcription', 'whisper-1')).toMatch(/-F model=whisper-1[^]*-F file=@/);
  });
});

const rate = (kind: Schema<'RateShown'>['kind'], usd: string) => ({
  kind,
  usd,
  per: 'million_tokens' as const,
});

describe('the rates of a model', () => {
  it('have every digit, by the size of the prompt and the time of the week', async () => {
    await show(
      <RateTable
        bands={[
          {
            min_prompt_tokens: 0,
            max_prompt_tokens: 200_000,
            rates: [rate('input', '0.000001')],
            windows: [
              {
                days: ['mon', 'tue'],
                from: '00:30',
                to: '16:30',
                rates: [rate('input', '2.50')],
              },
            ],
          },
          {
            min_prompt_tokens: 200_001,
            max_prompt_tokens: null,
            rates: [rate('input', '5.00')],
            windows: [],
          },
        ]}
      />,
    );
    const rows = await screen.findAllByRole('row');
    expect(
      rows.map((row) =>
        within(row)
          .queryAllByRole('cell')
          .map((cell) => cell.textContent),
      ),
    ).toEqual([
      [],
      ['Input', 'up to 200,000 tokens', 'otherwise', '$0.000001', 'per million tokens'],
      ['Input', 'up to 200,000 tokens', 'Mon, Tue 00:30–16:30 UTC', '$2.50', 'per million tokens'],
      ['Input', 'from 200,001 tokens on', 'otherwise', '$5.00', 'per million tokens'],
    ]);
  });
});

describe('the history of a model’s prices', () => {
  it('says of each version what it changes', async () => {
    const bands = [
      {
        min_prompt_tokens: 0,
        max_prompt_tokens: null,
        rates: [rate('input', '2.00')],
        windows: [],
      },
    ];
    const step = {
      until: null,
      bands,
      effective_from: '2026-11-01T00:00:00.000Z',
    };
    const change = {
      kind: 'input',
      per: 'million_tokens',
      prompt: '',
      when: '',
      percent: '+50.00 %',
    } as const;
    await show(
      <PriceHistory
        steps={[
          {
            ...step,
            version: 3,
            state: 'scheduled',
            changes: [{ ...change, from: '2.00', to: '3.00' }],
          },
          { ...step, version: 2, state: 'in_force', changes: [] },
          { ...step, version: 1, state: 'superseded', changes: [] },
        ]}
      />,
    );
    const rows = (await screen.findAllByRole('row')).slice(1);
    const told = rows.map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    );
    expect(told.map(([version, , state, changes]) => [version, state, changes])).toEqual([
      ['3', 'Scheduled', 'Input: $2.00 → $3.00 (+50.00 %)'],
      ['2', 'In force', 'Nothing'],
      ['1', 'Past', 'The first prices'],
    ]);
  });
});

describe('the status page', () => {
  const at = '2026-11-29T12:00:00.000Z';
  const status: Schema<'PublicStatusShown'> = {
    object: 'status',
    status: 'degraded',
    as_of: at,
    started_at: at,
    window_minutes: 15,
    lag_seconds: 75,
    sandbox: true,
    components: [{ name: 'read_models', status: 'degraded', since: at }],
    providers: [
      {
        provider: 'openai',
        status: 'down',
        since: at,
        calls: 1_024,
        failed: 6,
        failed_percent: '0.6',
        latency_ms_p50: 1_234,
        latency_ms_p95: null,
      },
    ],
  };

  it('tells what does not work, how far behind it is, and how providers do', async () => {
    answering({ 'GET /api/status': status });
    await show(<StatusPage />);
    await screen.findByText('Calls are answered, but something does not work as it should.');
    screen.getByText(/A sandbox answers here/);
    screen.getByText(/1 minute.*behind the ledger/);
    const openai = screen.getByRole('row', { name: /^OpenAI/ });
    expect(openai.textContent).toMatch(/Down.*1,0240\.6 %1,234 ms–/);
  });

  it('says what to do when it can’t be read', async () => {
    answering({
      'GET /api/status': failure(404, 'unknown_url', 'There is no such path.'),
    });
    await show(<StatusPage />);
    await screen.findByText('There is no such path.');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});
