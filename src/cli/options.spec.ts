// What options take: wrong values are refused before any store is opened, by name and with those that there are.
import { expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { tokenhub } from './program.js';

it.each([
  ['charge list --status bogus', 'open, charged, released'],
  ['charge list --reason bogus', 'usage_unknown, refused_by_provider'],
  ['charge list --limit 0', 'whole number of at least 1'],
  ['charge settle c --reason x --prompt-tokens -1', 'whole number of tokens'],
  ['charge settle c --reason ', 'it must not be empty'],
  ['topup sync t', "required option '--reason"],
  ['payments recover', "required option '--reason"],
  ['queue choose i dismiss', "required option '--reason"],
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
  ['invoice list 20x6', 'is not a year such as 2026'],
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
  ['prices import --markup abc', '"abc" is not a percentage such as 12.5\n'],
  ['prices import --markup -200', 'below -100 %'],
  ['prices show --version v1', 'whole number of at least 1'],
])('%s: %s', async (line, sentence) => {
  const { code, stderr } = await runCommand(line.split(' '), {});
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
});

it.each([
  ['help prices diff', 'Usage: tokenhub prices diff [options] [from] [to]'],
  ['help balance', '--at-position <position>'],
  ['help', 'rebuild read models from the events'],
])('%s: %s', async (line, sentence) => {
  const { code, stdout } = await runCommand(line.split(' '), {});
  expect([code, stdout]).toEqual([0, expect.stringContaining(sentence)]);
});

it('every command and subcommand tells what it takes', async () => {
  const program = tokenhub();
  const helpOf = async (names: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await runCommand([...names, '--help'], {});
    expect([names.join(' '), code, stderr, stdout]).toEqual([
      names.join(' '),
      0,
      '',
      expect.stringContaining('Usage:'),
    ]);
    const [, listed = ''] = stdout.split(/^Commands:$/m);
    for (const [, name = ''] of listed.matchAll(/^ {2}([a-z][\w-]*)/gm))
      if (name !== 'help') await helpOf([...names, name]);
  };
  for (const command of program.commands) if (command.name() !== 'help') await helpOf([command.name()]);
});
