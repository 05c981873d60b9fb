// What options take: wrong values are refused before any store is opened, by name and with those that there are.
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { accountCommands } from './account.js';
import { chargeCommands } from './charge.js';
import { exportCommand } from './export.js';
import { keyCommands } from './key.js';
import { ledgerCommands } from './ledger.js';
import { paymentCommands } from './payment.js';
import { priceCommands } from './prices.js';
import { statementCommands } from './statement.js';

const COMMANDS = [
  accountCommands(),
  chargeCommands(),
  keyCommands(),
  exportCommand(),
  statementCommands(),
  priceCommands(),
  ...ledgerCommands(),
  ...paymentCommands(),
];

/** Throws what is wrong instead of ending the process. */
function quiet(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(quiet);
  return command;
}

const run = ([name = '', ...args]: readonly string[]): Promise<unknown> => {
  const command = COMMANDS.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`there is no ${name}`);
  return quiet(command).parseAsync(args, { from: 'user' });
};

it.each([
  ['charge list --status bogus', 'open, charged, released'],
  ['charge list --reason bogus', 'usage_unknown, refused_by_provider'],
  ['charge list --limit 0', 'whole number of at least 1'],
  ['charge settle c --reason x --prompt-tokens -1', 'whole number of tokens'],
  ['charge settle c --reason ', 'it must not be empty'],
  ['refund list --status bogus', 'found, requested, approved, completed, failed'],
  ['refund decline r --reason ', 'it must not be empty'],
  ['account events a --from -1', 'is not a revision'],
  ['account events a --limit none', 'whole number of at least 1'],
  ['account credit a 5 --reason x --expires 2020-01-01', '"2020-01-01" is over already'],
  ['account credit a 5 --reason ', 'it must not be empty'],
  ['account credit a 5e1 --reason x', 'not a decimal amount'],
  ['account close a --reason  ', 'it must not be empty'],
  ['key issue a --expires 2020-01-01', '"2020-01-01" is over already'],
  ['key issue a --expires 2099-02-30', 'is not a day of the calendar'],
  ['key issue a --budget-daily much', 'not a decimal amount'],
  ['key issue a --rpm 0', 'whole number of at least 1'],
  ['key issue a --name ', 'it must not be empty'],
  ['balance a --as-of 2999-01-01', 'is in the future'],
  ['balance a --as-of 2026-02-30', 'is not a day of the calendar'],
  ['account show a --at-position -1', 'is not a position of the log'],
  ['key list a --at-position 1 --as-of 2026-01-01', 'cannot be used with option'],
  ['export journal --format xml', 'hledger, beancount, csv'],
  ['export journal --from 2026-13-01', 'is not a day of the calendar'],
  ['export journal --from 2026-03-02 --to 2026-03-01', '--from must be earlier'],
  ['export journal --from 2999-01-01', '--from must be earlier'],
  ['statement export a --format xml', 'json, csv, pdf'],
  ['statement export a --to 2026-03', 'is neither a day'],
  ['statement export a --from 2999-01-01', '--from must be earlier'],
  ['prices publish --effective-from 2027-02-30', 'is not a day of the calendar'],
  ['prices publish --effective-from 2027-01-01T00:00:00', 'has no time zone'],
  ['prices import --effective-from soon', 'is neither a day'],
  ['balance a --as-of yesterday', '"yesterday" is neither a day'],
  ['prices import --markup 1e1', '"1e1" is not a percentage such as 12.5'],
  ['prices import --markup -200', 'below -100 %'],
  ['prices show --version v1', 'whole number of at least 1'],
])('%s: %s', (line, sentence) => expect(async () => run(line.split(' '))).rejects.toThrow(sentence));
