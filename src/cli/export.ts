import { Command, Option } from 'commander';
import { journal, JOURNAL_FORMATS, type JournalFormat } from '../books/index.js';
import { toInstant } from '../kernel/index.js';
import { withContext } from './context.js';
import { UsageError } from './output.js';
import { instantTextArgument } from './parse.js';

export function exportCommand(): Command {
  const command = new Command('export').description('export the ledger for other programs');
  command
    .command('journal')
    .description('every posting, in the order of the log, on standard output')
    .addOption(new Option('--format <format>', 'how').choices(JOURNAL_FORMATS).default('hledger'))
    .option('--from <instant>', 'first instant or day, ISO 8601; starts with opening balances', instantTextArgument)
    .option('--to <instant>', 'end before this instant or day', instantTextArgument)
    .action(exportJournal);
  return command;
}

interface JournalOptions {
  readonly format: JournalFormat;
  readonly from?: string;
  readonly to?: string;
}

function exportJournal({ format, from, to }: JournalOptions): Promise<void> {
  const [now, period] = [toInstant(Date.now()), '--from must be earlier than --to, and than now.'];
  if (from !== undefined && from >= (to === undefined || to > now ? now : to)) throw new UsageError(period);
  return withContext(async ({ store }) => {
    for await (const line of journal(store, { format, from, to })) process.stdout.write(`${line}\n`);
  });
}
