// What /api takes and answers about usage.
import { z } from 'zod';
import { type CsvRow, invalidRequest, jsonOrCsv, usdField } from '../../platform/http/index.js';
import { DAY_MS, dayOf, formatUsd, toInstant } from '../../kernel/index.js';
import { type Figures, type Group, GROUPS, type Summed } from './usage.js';

const SHOWN_DAYS = 30;
const MOST_DAYS = 366;

const day = (text: string) => z.iso.date({ error: 'must be a day such as 2026-03-01' }).describe(text);

export const UsageQuery = z.strictObject({
  group_by: z.enum(GROUPS).default('day').describe('what a line is of'),
  from: day(`the first day (UTC); ${SHOWN_DAYS} days without it`).optional(),
  to: day(`the day after the last (UTC); up to today without it. ${MOST_DAYS} days at most`).optional(),
  format: jsonOrCsv('`csv`: the lines as a file'),
});

const figures = {
  requests: z.int().describe('calls that were charged'),
  prompt_tokens: z.int(),
  cached_tokens: z.int().describe('of the prompt'),
  completion_tokens: z.int(),
  reasoning_tokens: z.int().describe('of the completion'),
  images: z.int(),
  seconds: z.int().describe('of audio'),
  characters: z.int().describe('spoken'),
  cost: usdField('what they cost'),
};

export const UsageAnswer = z.object({
  object: z.literal('usage'),
  currency: z.literal('usd'),
  group_by: z.enum(GROUPS),
  from: z.string().describe('the first day'),
  to: z.string().describe('the day after the last'),
  data: z
    .array(
      z.object({
        day: z.string().optional(),
        model: z.string().optional(),
        key_id: z.string().optional(),
        key_name: z.string().optional(),
        ...figures,
      }),
    )
    .describe('a line for each day, model or key that was used: days in order, the others by cost'),
  total: z.object(figures),
});

export interface Days {
  readonly from: string;
  readonly to: string;
}

/** @throws ApiError 400 for a period that is empty or too long */
export function daysOf({ from, to }: z.output<typeof UsageQuery>, now: number): Days {
  const end = to ?? dayOf(toInstant(now + DAY_MS));
  const start = from ?? dayOf(toInstant(Date.parse(end) - SHOWN_DAYS * DAY_MS));
  if (start >= end) {
    const given = to === undefined ? `, which is ${end} when it is not given` : '';
    throw invalidRequest(`"from" must be earlier than "to"${given}.`, 'from');
  }
  if (Date.parse(end) - Date.parse(start) > MOST_DAYS * DAY_MS) {
    throw invalidRequest(`"from" and "to" must be ${MOST_DAYS} days apart at most.`, 'from');
  }
  return { from: start, to: end };
}

const COLUMNS: Readonly<Record<Group, readonly string[]>> = {
  day: ['day'],
  model: ['model'],
  key: ['key_id', 'key_name'],
};

export const usageColumns = (group: Group): string[] => [...COLUMNS[group], ...Object.keys(figures)];

/** What a line is of, by the names of its columns. */
const labels = (group: Group, name: string, keyNames: ReadonlyMap<string, string>): Readonly<Record<string, string>> =>
  group === 'key' ? { key_id: name, key_name: keyNames.get(name) ?? '' } : { [group]: name };

/** With exact costs, as CSV takes them. */
export const usageRows = ({ groups }: Summed, group: Group, keyNames: ReadonlyMap<string, string>): CsvRow[] =>
  groups.map(([name, each]) => ({ ...labels(group, name, keyNames), ...each }));

export function showUsage(
  { groups, total }: Summed,
  about: Days & { readonly group_by: Group; readonly keyNames: ReadonlyMap<string, string> },
): z.output<typeof UsageAnswer> {
  const { group_by, from, to, keyNames } = about;
  const data = groups.map(([name, each]) => ({ ...labels(group_by, name, keyNames), ...shown(each) }));
  return { object: 'usage', currency: 'usd', group_by, from, to, data, total: shown(total) };
}

const shown = (each: Figures) => ({ ...each, cost: formatUsd(each.cost) });
