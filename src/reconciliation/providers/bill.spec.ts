// Bills in the shapes that the vendors document and that public projects recorded.
import { describe, expect, it } from 'vitest';
import { formatUsd, type JsonObject } from '../../kernel/index.js';
import { readAnthropic } from './anthropic-bill.js';
import { Bill } from './bill.js';
import { readCsv } from './csv-bill.js';
import { hundredth, readDecimal, toAmount } from './decimal.js';
import { readOpenAi } from './openai-bill.js';

const DAY = { start_time: 1759622400, end_time: 1759708800 }; // 2025-10-05
const page = (results: string, more = false) =>
  `{"object":"page","data":[{"object":"bucket","start_time":${DAY.start_time},"end_time":${DAY.end_time},"results":[${results}]}],"has_more":${more},"next_page":null}`;
const costs = (value: string, item = '"gpt-5-mini-2025-08-07, input"') =>
  `{"object":"organization.costs.result","amount":{"value":${value},"currency":"usd"},"line_item":${item},"project_id":null,"organization_id":"org-1"}`;

function read(work: (bill: Bill) => void) {
  const bill = new Bill();
  work(bill);
  return {
    ...bill.period,
    lines: bill.lines.map(({ day, model, tokens, cost }) => ({ day, model, tokens, cost: formatUsd(toAmount(cost)) })),
  };
}
const NAMELESS = '{"object":"organization.usage.completions.result","input_tokens":1,"model":null}';
const openAi = (...texts: string[]) =>
  read((bill) =>
    readOpenAi(
      texts.map((text, index) => ({ name: `page${index}.json`, text })),
      bill,
    ),
  );
const anthropic = (text: string) => read((bill) => readAnthropic([{ name: 'report.json', text }], bill));
const csv = (text: string, mapping = {}) => read((bill) => readCsv([{ name: 'bill.csv', text }], bill, mapping));

describe('a decimal of a provider', () => {
  it.each([
    ['0.13080438340307526', '0.130804383403'],
    ['7.5e-05', '0.000075'],
    ['1E+2', '100.00'],
    ['-0.0000000000005', '-0.000000000001'],
    ['0.00000000000049999', '0.00'],
    [`0.${'0'.repeat(59)}1e+59`, '0.10'],
    [`1.${'0'.repeat(60)}e-3`, '0.001'],
  ])('%s is $%s, rounded once', (text, amount) => expect(formatUsd(toAmount(readDecimal(text)))).toBe(amount));

  it('is added before it is rounded', () =>
    expect(toAmount(readDecimal('0.0000000000004') + readDecimal('0.0000000000004'))).toBe(1n));
  it('of cents is a hundredth', () =>
    expect(formatUsd(toAmount(hundredth(readDecimal('123.78912'))))).toBe('1.2378912'));
  it('of cents that is no decimal as dollars is refused', () =>
    expect(() => hundredth(readDecimal('1e-59'))).toThrow('too many decimals'));
  it.each(['1,234.50', '$5', '', 'NaN', '1e-99'])('%s is refused', (text) =>
    expect(() => readDecimal(text)).toThrow(RangeError),
  );
});

describe('OpenAI', () => {
  it('costs are added for each model, whatever the line items, in all their digits', () =>
    expect(
      openAi(page(`${costs('0.8958740000000000')},${costs('1.5e-05', '"gpt-5-mini-2025-08-07, output"')}`)),
    ).toEqual({
      from: '2025-10-05',
      to: '2025-10-05',
      lines: [{ day: '2025-10-05', model: 'gpt-5-mini-2025-08-07', tokens: {}, cost: '0.895889' }],
    }));

  it('usage and costs stand together', () => {
    const usage =
      '{"object":"organization.usage.completions.result","input_tokens":14350791,"output_tokens":96969,"input_cached_tokens":100,"num_model_requests":270,"project_id":null,"model":"gpt-5-mini-2025-08-07","batch":null}';
    expect(openAi(page(usage), page(costs('"1.25"'))).lines).toEqual([
      {
        day: '2025-10-05',
        model: 'gpt-5-mini-2025-08-07',
        tokens: { prompt: 14_350_791, cached: 100, completion: 96_969 },
        cost: '1.25',
      },
    ]);
  });

  it('the prompt includes what was read from the cache and written to it', () => {
    const usage =
      '{"object":"organization.usage.completions.result","input_tokens":1700,"input_uncached_tokens":400,"input_cached_tokens":1000,"input_cache_write_tokens":300,"input_text_tokens":400,"output_tokens":90,"num_model_requests":2,"model":"gpt-5.2","service_tier":null}';
    expect(openAi(page(usage)).lines[0]?.tokens).toEqual({
      prompt: 1_700,
      cached: 1_000,
      cacheWrite: 300,
      completion: 90,
    });
  });

  it('pages may stand one a line, or in a list', () => {
    const [first, last] = [page(costs('1'), true), page(costs('2'))];
    expect(openAi(`${first}\n${last}\n`).lines[0]?.cost).toBe('3.00');
    expect(openAi(`[${first},${last}]`).lines[0]?.cost).toBe('3.00');
  });

  it('may begin with a byte order mark', () => expect(openAi(`\uFEFF${page(costs('1'))}`).lines).toHaveLength(1));

  it.each([
    ['its last page is missing', page(costs('1'), true), /last page .* is missing/],
    ['its costs name no line item', page(costs('1', 'null')), /group_by=line_item/],
    ['it is in euros', page(costs('1').replace('usd', 'eur')), /is in eur/],
    [
      'its usage names no model',
      page(costs('1')).replace(/"results":\[.*\]\}/, `"results":[${NAMELESS}]}`),
      /group_by=model/,
    ],
    ['a bucket is empty', page(costs('1')).replace('1759708800', '1759622400'), /not within one UTC day/],
    ['a bucket is a week', page(costs('1')).replace('1759708800', '1760227200'), /not within one UTC day/],
    ['it is something else', '{"hello":1}', /no page of that API: object/],
    ['it is not JSON', 'day,cost', /can’t be read as JSON/],
  ])('a bill is refused when %s', (_case, text, message) => expect(() => openAi(text)).toThrow(message));
});

it('a bill without a row says that nothing was used on its days', () => {
  expect(openAi(page(''))).toEqual({ from: '2025-10-05', to: '2025-10-05', lines: [] });
  expect(new Bill().hasCosts).toBe(true);
  expect(() => new Bill().period).toThrow('no day in it');
});

describe('Anthropic', () => {
  const report = (results: string, more = false) =>
    `{"data":[{"starting_at":"2025-08-01T00:00:00Z","ending_at":"2025-08-02T00:00:00Z","results":[${results}]}],"has_more":${more},"next_page":null}`;
  const cost = (fields: JsonObject) =>
    report(
      JSON.stringify({ currency: 'USD', amount: '1', description: null, cost_type: null, model: null, ...fields }),
    );
  const nameless =
    '{"uncached_input_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0},"cache_read_input_tokens":0,"output_tokens":1,"model":null}';

  it.each([
    ['its last page is missing', report(nameless.replace('null', '"m"'), true), /last page .* is missing/],
    ['its usage names no model', report(nameless), /group_by\[\]=model/],
    ['its costs name no model', cost({ cost_type: 'tokens' }), /group_by\[\]=description/],
    ['it is in euros', cost({ model: 'm', currency: 'EUR' }), /is in EUR/],
  ])('a bill is refused when %s', (_case, text, message) => expect(() => anthropic(text)).toThrow(message));

  it('costs of tokens without a model are of what they describe', () =>
    expect(anthropic(cost({ cost_type: 'tokens', description: 'Priority tier' })).lines).toMatchObject([
      { day: '2025-08-01', model: 'Priority tier', cost: '0.01' },
    ]));

  it('a report without a row says that nothing was used on its days', () =>
    expect(anthropic(report(''))).toEqual({ from: '2025-08-01', to: '2025-08-01', lines: [] }));

  it('costs are decimal strings of cents', () =>
    expect(
      anthropic(
        report(
          '{"currency":"USD","amount":"123.78912","workspace_id":null,"description":"Claude Sonnet 4 Usage - Input Tokens","cost_type":"tokens","context_window":"0-200k","model":"claude-sonnet-4-20250514","service_tier":"standard","token_type":"uncached_input_tokens"},' +
            '{"currency":"USD","amount":"3","workspace_id":null,"description":"Web Search Usage","cost_type":"web_search","context_window":null,"inference_geo":null,"model":null,"service_tier":null,"token_type":null}',
        ),
      ).lines,
    ).toEqual([
      { day: '2025-08-01', model: 'claude-sonnet-4-20250514', tokens: {}, cost: '1.2378912' },
      { day: '2025-08-01', model: 'web_search', tokens: {}, cost: '0.03' },
    ]));

  it('the prompt includes what was read from the cache and written to it', () =>
    expect(
      anthropic(
        report(
          '{"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500},"cache_read_input_tokens":200,"output_tokens":500,"server_tool_use":{"web_search_requests":10},"api_key_id":null,"workspace_id":null,"model":"claude-sonnet-4-20250514","service_tier":"standard","context_window":"0-200k"}',
        ),
      ).lines[0]?.tokens,
    ).toEqual({ prompt: 3_200, cached: 200, cacheWrite: 1_500, completion: 500 }));
});

describe('a CSV', () => {
  it('is read by its mapping, as OpenAI exports costs', () =>
    expect(
      csv(
        'start_time,start_time_iso,amount_value,amount_currency,line_item\n' +
          '1759622400,2025-10-05T00:00:00+00:00,0.8958740000000000,usd,"gpt-5-mini-2025-08-07, input"\n' +
          '1759968000,2025-10-09T00:00:00+00:00,,,\n',
        { day: 'start_time', model: 'line_item', cost: 'amount_value', currency: 'amount_currency' },
      ),
    ).toEqual({
      from: '2025-10-05',
      to: '2025-10-09',
      lines: [{ day: '2025-10-05', model: 'gpt-5-mini-2025-08-07', tokens: {}, cost: '0.895874' }],
    }));

  it('is refused where it has not the column that a mapping names', () =>
    expect(() => csv('day,model,cost\n2026-03-01,m,1\n', { cost: 'total' })).toThrow('has no column "total"'));

  it('needs no mapping for columns that are named as the fields', () =>
    expect(csv('day,model,prompt,completion,cost\n2026-03-01,m,10,2,0.5\n').lines).toEqual([
      { day: '2026-03-01', model: 'm', tokens: { prompt: 10, completion: 2 }, cost: '0.50' },
    ]));

  it.each([
    ['day,model,cost\n2026-03-01,m,"1,000.00"\n', /row 2: column "cost": "1,000.00" is not a decimal/],
    ['day,model,cost\n2026-02-30,m,1\n', /row 2: column "day": .*not a day of the calendar/],
    ['day,model,prompt\n2026-03-01,m,1.5\n', /row 2: column "prompt": "1.5" is not a count/],
    ['day,model,cost,currency\n2026-03-01,m,1,EUR\n', /it is in EUR/],
    ['date,model,cost\n2026-03-01,m,1\n', /which columns .* are the day and the model/],
    ['day,model\n2026-03-01,m\n', /which column .* is the cost/],
    ['Datum,model,cost\n', 'It has: Datum, model, cost.'],
    ['day,model,cost\n2026-03-01,,1\n', /row 2: it names no model/],
    ['day,cost\n2026-03-01,1\n', /which columns .* are the day and the model/],
    ['day,model,cost\n2026-03-01,"m,1\n', /bill.csv can’t be read as CSV/],
  ])('%j is refused', (text, message) => expect(() => csv(text)).toThrow(message));
});
