// What /api takes and answers about usage.
import {
  type CsvRow,
  EnumField,
  invalidRequest,
  JsonOrCsvField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { DAY_MS, dayOf, formatUsd, readInstant, toInstant } from '../../kernel/index.js';
import { type Figures, type Group, GROUPS, type Summed } from './usage.js';

const SHOWN_DAYS = 30;
const MOST_DAYS = 366;

const DAY = {
  max: 10,
  format: 'date',
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  message: 'must be a day such as 2026-03-01',
  optional: true,
} as const;

export class UsageQuery {
  @EnumField('what a line is of', GROUPS, { default: 'day' })
  readonly group_by: Group = 'day';

  @TextField(`the first day (UTC); ${SHOWN_DAYS} days without it`, DAY)
  readonly from?: string;

  @TextField(`the day after the last (UTC); up to today without it. ${MOST_DAYS} days at most`, DAY)
  readonly to?: string;

  @TextField('of this model only', { min: 1, max: 200, optional: true })
  readonly model?: string;

  @TextField('with this key only', { min: 1, max: 200, optional: true })
  readonly key_id?: string;

  @JsonOrCsvField('`csv`: the lines as a file')
  readonly format: 'json' | 'csv' = 'json';
}

class UsageFigures {
  @ShownInteger('calls that were charged')
  readonly requests!: number;

  @ShownInteger()
  readonly prompt_tokens!: number;

  @ShownInteger('of the prompt')
  readonly cached_tokens!: number;

  @ShownInteger()
  readonly completion_tokens!: number;

  @ShownInteger('of the completion')
  readonly reasoning_tokens!: number;

  @ShownInteger()
  readonly images!: number;

  @ShownInteger('of audio')
  readonly seconds!: number;

  @ShownInteger('spoken')
  readonly characters!: number;

  @ShownUsd('what they cost')
  readonly cost!: string;
}

export class UsageLine extends UsageFigures {
  @Shown(undefined, { required: false })
  readonly day?: string;

  @Shown(undefined, { required: false })
  readonly model?: string;

  @Shown(undefined, { required: false })
  readonly key_id?: string;

  @Shown(undefined, { required: false })
  readonly key_name?: string;
}

export class UsageReport {
  @ShownAlways('usage')
  readonly object!: 'usage';

  @ShownAlways('usd')
  readonly currency!: 'usd';

  @ShownEnum(GROUPS)
  readonly group_by!: Group;

  @Shown('the first day')
  readonly from!: string;

  @Shown('the day after the last')
  readonly to!: string;

  @ShownObject(UsageLine, 'a line for each day, model or key that was used: days in order, the others by cost', {
    isArray: true,
  })
  readonly data!: readonly UsageLine[];

  @ShownObject(UsageFigures)
  readonly total!: UsageFigures;
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

/** @throws ApiError 400 for a day that there is not, and for a period that is empty or too long */
export function daysOf({ from, to }: UsageQuery, now: number): Days {
  const end = to ?? dayOf(toInstant(now + DAY_MS));
  const start = from ?? dayOf(toInstant(epochOf('to', end) - SHOWN_DAYS * DAY_MS));
  if (start >= end) {
    const given = to === undefined ? `, which is ${end} when it is not given` : '';
    throw invalidRequest(`"from" must be earlier than "to"${given}.`, 'from');
  }
  if (epochOf('to', end) - epochOf('from', start) > MOST_DAYS * DAY_MS) {
    throw invalidRequest(`"from" and "to" must be ${MOST_DAYS} days apart at most.`, 'from');
  }
  return { from: start, to: end };
}

function epochOf(field: 'from' | 'to', day: string): number {
  try {
    return readInstant(day);
  } catch {
    throw invalidRequest(`"${field}": must be a day such as 2026-03-01`, field);
  }
}

const FIGURES = [
  'requests',
  'prompt_tokens',
  'cached_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'images',
  'seconds',
  'characters',
  'cost',
] as const satisfies readonly (keyof UsageFigures)[];

const COLUMNS: Readonly<Record<Group, readonly string[]>> = {
  day: ['day'],
  model: ['model'],
  key: ['key_id', 'key_name'],
};

export const usageColumns = (group: Group): string[] => [...COLUMNS[group], ...FIGURES];

/** What a line is of, by the names of its columns. */
const labels = (group: Group, name: string, keyNames: ReadonlyMap<string, string>): Readonly<Record<string, string>> =>
  group === 'key' ? { key_id: name, key_name: keyNames.get(name) ?? '' } : { [group]: name };

/** With exact costs, as CSV takes them. */
export const usageRows = ({ groups }: Summed, group: Group, keyNames: ReadonlyMap<string, string>): CsvRow[] =>
  groups.map(([name, each]) => ({ ...labels(group, name, keyNames), ...each }));

export function showUsage(
  { groups, total }: Summed,
  about: Days & { readonly group_by: Group; readonly keyNames: ReadonlyMap<string, string> },
): UsageReport {
  const { group_by, from, to, keyNames } = about;
  const data = groups.map(([name, each]) => ({ ...labels(group_by, name, keyNames), ...shown(each) }));
  return { object: 'usage', currency: 'usd', group_by, from, to, data, total: shown(total) };
}

const shown = (each: Figures) => ({ ...each, cost: formatUsd(each.cost) });
