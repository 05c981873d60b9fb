import type { Command } from 'commander';
import { describeConfig, loadConfig } from '../platform/config.js';
import { printRows } from './output.js';

export const configCommand = (config: Command): Command =>
  config.action((_options: object, command: Command) =>
    printRows(
      command,
      describeConfig(loadConfig()).map((variable) => ({ ...variable })),
      '',
    ),
  );
