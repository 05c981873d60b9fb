// Anthropic's Usage and Cost Admin API: the usage report of messages with group_by[]=model
// (https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages) and the cost report with group_by[]=description
// (https://platform.claude.com/docs/en/api/admin/cost_report). `amount` is a decimal string of cents: "123.45" is $1.23. Costs of web searches,
// of the execution of code and of sessions have no model: their `cost_type` stands for it. Both are the vendor's "legacy" endpoints, which it
// still serves beside its Usage and Cost Analytics API (a beta, of other rows without `results`, which are refused here).
import { z } from 'zod';
import { readInstant } from '../../kernel/index.js';
import { type Bill, dayOfBucket, UnreadableBill } from './bill.js';
import { type BillFile, checkLastPages, count, pagesOf, readPage } from './bill-json.js';
import { hundredth, readDecimal } from './decimal.js';

const cost = z.object({
  amount: z.string(),
  currency: z.string(),
  description: z.string().nullish(),
  cost_type: z.string().nullish(),
  model: z.string().nullish(),
});

const usage = z.object({
  uncached_input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation: z.object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
  output_tokens: count,
  model: z.string().nullish(),
});

const page = z.object({
  has_more: z.boolean(),
  data: z.array(z.object({ starting_at: z.string(), ending_at: z.string(), results: z.array(z.union([cost, usage])) })),
});

/** Adds the pages of files to a bill. @throws UnreadableBill */
export function readAnthropic(files: readonly BillFile[], bill: Bill): void {
  const ends = new Map<string, boolean>();
  for (const file of files)
    for (const found of pagesOf(file)) {
      const { data, has_more: more } = readPage(page, found, file.name);
      const first = data.flatMap(({ results }) => results).at(0);
      const list = first === undefined ? undefined : 'amount' in first ? 'the cost report' : 'the usage report';
      if (list !== undefined) ends.set(list, (ends.get(list) ?? false) || !more);
      for (const { starting_at: start, ending_at: end, results } of data) {
        const day = dayOfBucket(readInstant(start), readInstant(end));
        bill.cover(day);
        for (const result of results) addResult(bill, day, result);
      }
    }
  checkLastPages(ends);
}

function addResult(bill: Bill, day: string, result: z.infer<typeof cost> | z.infer<typeof usage>): void {
  if ('amount' in result) return addCost(bill, day, result);
  const { model, cache_creation: written, uncached_input_tokens: uncached, cache_read_input_tokens: cached } = result;
  if (!model) throw new UnreadableBill(`The usage of ${day} names no model. Fetch it with group_by[]=model.`);
  const cacheWrite = written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens;
  const prompt = uncached + cached + cacheWrite;
  bill.add({ day, model, tokens: { prompt, cached, cacheWrite, completion: result.output_tokens } });
}

function addCost(bill: Bill, day: string, { amount, currency, ...of }: z.infer<typeof cost>): void {
  const model = of.model ?? (of.cost_type === 'tokens' ? undefined : of.cost_type) ?? of.description;
  if (!model) throw new UnreadableBill(`The costs of ${day} name no model. Fetch them with group_by[]=description.`);
  if (currency.toLowerCase() !== 'usd')
    throw new UnreadableBill(`A cost of ${day} is in ${currency}. Costs are booked in USD.`);
  bill.add({ day, model, cost: hundredth(readDecimal(amount)) });
}
