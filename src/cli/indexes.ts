import type { Command } from 'commander';
import { withContext } from './context.js';
import { printRows } from './output.js';

export const indexesCommand = (command: Command): Command => command.action(indexes);

function indexes(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const made = await context.prepareServers();
    const rows = made.map((index) => ({ made: index }));
    printRows(command, rows, 'Nothing was missing.');
  });
}
