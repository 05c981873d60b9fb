import { Command } from 'commander';
import { withContext } from './context.js';
import { printRows } from './output.js';

export const indexesCommand = (): Command =>
  new Command('indexes')
    .description('create the collections and indexes that MongoDB lacks, as a gateway does when it starts')
    .action(indexes);

function indexes(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const made = await context.prepareServers();
    const rows = made.map((index) => ({ made: index }));
    printRows(command, rows, 'Nothing was missing.');
  });
}
