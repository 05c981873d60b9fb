import { Command, Option } from 'commander';
import { journal, JOURNAL_FORMATS, type JournalFormat } from '../operations/index.js';
import { withContext } from './context.js';

export function exportCommand(): Command {
  const command = new Command('export').description('write the ledger out for other programs');
  command
    .command('journal')
    .description('every posting, in the order of the log, on standard output')
    .addOption(new Option('--format <format>', 'how').choices(JOURNAL_FORMATS).default('hledger'))
    .action(exportJournal);
  return command;
}

function exportJournal({ format }: { format: JournalFormat }): Promise<void> {
  return withContext(async ({ store }) => {
    for await (const line of journal(store, format)) process.stdout.write(`${line}\n`);
  });
}
