import { Command } from 'commander';
import { describeConfig, loadConfig } from '../platform/config.js';
import { printRows } from './output.js';

export const configCommand = (): Command =>
  new Command('config')
    .description('every configuration variable: its meaning, its default and its value now')
    .action((_options: object, command: Command) =>
      printRows(
        command,
        describeConfig(loadConfig()).map((variable) => ({ ...variable })),
        '',
      ),
    );
