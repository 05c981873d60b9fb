// OpenAI's usage API (https://platform.openai.com/docs/api-reference/usage/completions, with group_by=model) and costs API
// (https://platform.openai.com/docs/api-reference/usage/costs, with group_by=line_item). Field names and what they count are those of OpenAI's
// own client (github.com/openai/openai-node, src/resources/admin/organization/usage.ts at 7b7d6ca). Buckets begin and end at Unix seconds;
// `amount.value` is a JSON number in `amount.currency`, or its text. A line item names its model before a comma: "gpt-4o-2024-08-06, cached input".
import { z } from 'zod';
import { type Bill, dayOfBucket, UnreadableBill } from './bill.js';
import { type BillFile, checkLastPages, count, pagesOf, readPage } from './bill-json.js';
import { readDecimal } from './decimal.js';

const cost = z.object({
  object: z.literal('organization.costs.result'),
  amount: z.object({ value: z.string(), currency: z.string() }),
  line_item: z.string().nullish(),
});

/** Completions, embeddings and moderations are counted in tokens. `input_tokens` includes those read from the cache and written to it. */
const usage = z.object({
  object: z.enum([
    'organization.usage.completions.result',
    'organization.usage.embeddings.result',
    'organization.usage.moderations.result',
  ]),
  model: z.string().nullish(),
  input_tokens: count,
  input_cached_tokens: count.nullish(),
  input_cache_write_tokens: count.nullish(),
  output_tokens: count.nullish(),
});

const page = z.object({
  object: z.literal('page'),
  has_more: z.boolean(),
  data: z.array(
    z.object({
      start_time: count,
      end_time: count,
      results: z.array(z.discriminatedUnion('object', [cost, usage])),
    }),
  ),
});

type Result = z.infer<typeof cost> | z.infer<typeof usage>;

/** Adds the pages of a file to a bill. @throws UnreadableBill */
export function readOpenAi(files: readonly BillFile[], bill: Bill): void {
  const ends = new Map<string, boolean>();
  for (const file of files)
    for (const found of pagesOf(file)) {
      const { data, has_more: more } = readPage(page, found, file.name);
      const list = data.flatMap(({ results }) => results).at(0)?.object;
      if (list !== undefined) ends.set(list, (ends.get(list) ?? false) || !more);
      for (const { start_time: start, end_time: end, results } of data) {
        const day = dayOfBucket(start * 1_000, end * 1_000);
        bill.cover(day);
        for (const result of results) addResult(bill, day, result);
      }
    }
  checkLastPages(ends);
}

function addResult(bill: Bill, day: string, result: Result): void {
  if (result.object === 'organization.costs.result') {
    const { line_item: item, amount } = result;
    if (!item) throw new UnreadableBill(`The costs of ${day} name no line item. Fetch them with group_by=line_item.`);
    if (amount.currency.toLowerCase() !== 'usd')
      throw new UnreadableBill(`A cost of ${day} is in ${amount.currency}. Costs are booked in USD.`);
    return bill.add({ day, model: modelOfLineItem(item), cost: readDecimal(amount.value) });
  }
  const { model, input_tokens: prompt, input_cache_write_tokens: written } = result;
  if (!model) throw new UnreadableBill(`The usage of ${day} names no model. Fetch it with group_by=model.`);
  const tokens = { prompt, cached: result.input_cached_tokens ?? 0, completion: result.output_tokens ?? 0 };
  // Models without writes to a cache, and older pages, do not have this count.
  bill.add({ day, model, tokens: { ...tokens, ...(typeof written === 'number' && { cacheWrite: written }) } });
}

/** "gpt-4o-2024-08-06, cached input" is of gpt-4o-2024-08-06. */
export const modelOfLineItem = (item: string): string => item.split(', ', 1)[0] ?? item;
