import { Command } from 'commander';
import { withContext } from './context.js';
import { printRows } from './output.js';

export const indexesCommand = (): Command =>
  new Command('indexes')
    .description('make the collections and indexes that MongoDB lacks, as a gateway does at its start')
    .action(indexes);

function indexes(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const made = await context.prepareServers();
    const rows = made.map((index) => ({ made: index }));
    printRows(command, rows, 'Nothing was missing.');
  });
}
