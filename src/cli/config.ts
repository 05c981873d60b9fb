import { Command } from 'commander';
import { describeConfig, loadConfig } from '../platform/config.js';
import { printRows } from './output.js';

export const configCommand = (): Command =>
  new Command('config')
    .description('list every configuration variable with its meaning, default and present value')
    .action((_options: object, command: Command) =>
      printRows(
        command,
        describeConfig(loadConfig()).map((variable) => ({ ...variable })),
        '',
      ),
    );
