// The journal as a file for another program: every entry, or for QuickBooks and Xero one a day in whole cents.
import type { EventStore, WalkOptions } from '../../event-store/index.js';
import { dayOf } from '../../kernel/index.js';
import { dailyJournals } from './daily-journals.js';
import { DAILY_FORMATS, type DailyFormat } from './daily-layouts.js';
import { JOURNAL_FORMATS } from './journal-formats.js';
import { journal } from './journal.js';

export const EXPORT_FORMATS = [...JOURNAL_FORMATS, ...DAILY_FORMATS] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportWish extends WalkOptions {
  readonly format: ExportFormat;
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  /** ISO 4217: of QuickBooks and Xero, which take one currency at a time. */
  readonly currency: string;
  /** Of Xero: the name of the tax rate of every line. */
  readonly taxRate?: string | undefined;
}

export interface JournalFile {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly lines: AsyncGenerator<string>;
}

/** The extension by which a program knows its files; CSV for the others. */
const EXTENSIONS: Readonly<Partial<Record<ExportFormat, string>>> = { hledger: 'journal', beancount: 'beancount' };

type Period = Pick<ExportWish, 'from' | 'to'>;

/** Whether a period is empty or has not begun (`now` is ISO 8601): there are no opening balances of the future. */
export const isNotBegun = ({ from, to }: Period, now: string): boolean =>
  from !== undefined && from >= (to === undefined || to > now ? now : to);

export function journalFile(store: EventStore, { format, currency, taxRate, ...wish }: ExportWish): JournalFile {
  const lines = isDaily(format)
    ? dailyJournals(store, { ...wish, format, currency, taxRate })
    : journal(store, { ...wish, format });
  const about = ['journal', format, ...(isDaily(format) ? [currency] : []), ...daysOf(wish)].join('-');
  const type = EXTENSIONS[format] === undefined ? 'text/csv; charset=utf-8' : 'text/plain; charset=utf-8';
  return { name: `${about}.${EXTENSIONS[format] ?? 'csv'}`, type, lines };
}

const isDaily = (format: ExportFormat): format is DailyFormat => DAILY_FORMATS.includes(format as DailyFormat);

const daysOf = ({ from, to }: Period): string[] => [
  ...(from === undefined ? [] : ['from', dayOf(from)]),
  ...(to === undefined ? [] : ['to', dayOf(to)]),
];
