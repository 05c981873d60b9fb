import { type Command, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat, isNotBegun, journalFile, TAX_EXEMPT } from '../books/index.js';
import { toInstant } from '../kernel/index.js';
import { withContext } from './context.js';
import { printLine, UsageError } from './output.js';
import { currencyArgument, instantTextArgument, textArgument } from './parse.js';

export function exportCommand(command: Command): void {
  command
    .command('journal')
    .description('the books on standard output: every entry, or for QuickBooks and Xero one a day in whole cents')
    .addOption(new Option('--format <format>', 'how').choices(EXPORT_FORMATS).default('hledger'))
    .option('--from <instant>', 'first instant or day, ISO 8601; starts with opening balances', instantTextArgument)
    .option('--to <instant>', 'end before this instant or day', instantTextArgument)
    .option('--currency <code>', 'of QuickBooks and Xero, which take one at a time', currencyArgument, 'USD')
    .option('--tax-rate <name>', 'of Xero: the name of the tax rate of every line', textArgument, TAX_EXEMPT)
    .action(exportJournal);
}

interface JournalOptions {
  readonly format: ExportFormat;
  readonly from?: string;
  readonly to?: string;
  readonly currency: string;
  readonly taxRate: string;
}

function exportJournal(wish: JournalOptions): Promise<void> {
  if (isNotBegun(wish, toInstant(Date.now()))) throw new UsageError('--from must be earlier than --to, and than now.');
  return withContext(async ({ store }) => {
    for await (const line of journalFile(store, wish).lines) await printLine(line);
  });
}
