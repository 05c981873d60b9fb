import { Command, Option } from 'commander';
import {
  DAILY_FORMATS,
  type DailyFormat,
  dailyJournals,
  journal,
  JOURNAL_FORMATS,
  type JournalFormat,
} from '../books/index.js';
import { toInstant } from '../kernel/index.js';
import { withContext } from './context.js';
import { printLine, UsageError } from './output.js';
import { currencyArgument, instantTextArgument } from './parse.js';

export function exportCommand(): Command {
  const command = new Command('export').description('export the ledger for other programs');
  command
    .command('journal')
    .description('the books on standard output: every entry, or for QuickBooks and Xero one a day in whole cents')
    .addOption(
      new Option('--format <format>', 'how').choices([...JOURNAL_FORMATS, ...DAILY_FORMATS]).default('hledger'),
    )
    .option('--from <instant>', 'first instant or day, ISO 8601; starts with opening balances', instantTextArgument)
    .option('--to <instant>', 'end before this instant or day', instantTextArgument)
    .option('--currency <code>', 'of QuickBooks and Xero, which take one at a time', currencyArgument, 'USD')
    .action(exportJournal);
  return command;
}

interface JournalOptions {
  readonly format: JournalFormat | DailyFormat;
  readonly from?: string;
  readonly to?: string;
  readonly currency: string;
}

function exportJournal({ format, from, to, currency }: JournalOptions): Promise<void> {
  const [now, period] = [toInstant(Date.now()), '--from must be earlier than --to, and than now.'];
  if (from !== undefined && from >= (to === undefined || to > now ? now : to)) throw new UsageError(period);
  return withContext(async ({ store }) => {
    const lines = isDaily(format)
      ? dailyJournals(store, { format, currency, from, to })
      : journal(store, { format, from, to });
    for await (const line of lines) await printLine(line);
  });
}

const isDaily = (format: JournalFormat | DailyFormat): format is DailyFormat =>
  DAILY_FORMATS.includes(format as DailyFormat);
