import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { GetAccount } from '../ledger/index.js';
import {
  continuityFault,
  type StatementCheck,
  type StatementFile,
  STATEMENT_FORMATS,
  statementFile,
  type StatementFormat,
  statementPeriod,
  statementSchema,
  verifyStatement,
} from '../account/statements/index.js';
import { withContext } from './context.js';
import { printFields, printJson, UsageError, wantsJson } from './output.js';
import { instantTextArgument } from './parse.js';

export function statementCommands(): Command {
  const command = new Command('statement').description('write statements of an account, and check them');
  command
    .command('export')
    .argument('<account>')
    .description('print the statement of a period to standard output')
    .option(
      '--from <instant>',
      'its first instant or day, ISO 8601; by default the beginning of the month',
      instantTextArgument,
    )
    .option('--to <instant>', 'the first instant or day after it; now by default', instantTextArgument)
    .addOption(new Option('--format <format>', 'how').choices(STATEMENT_FORMATS).default('json'))
    .action(exportStatement);
  command
    .command('verify')
    .argument('<files...>', 'JSON statements; each must start where the previous one ended')
    .description('check statements offline: hash chain, balances, every charge against its usage and price')
    .action(verify);
  return command;
}

interface ExportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format: StatementFormat;
}

function exportStatement(accountId: string, { from, to, format }: ExportOptions): Promise<void> {
  const period = statementPeriod({ from, to }, Date.now());
  if (period === undefined) throw new UsageError('--from must be earlier than --to, and than now.');
  return withContext(async ({ store, queries }) => {
    await queries.execute(new GetAccount(accountId));
    const file = await statementFile(store, { accountId, format, ...period });
    await pipeline(file.getStream(), process.stdout, { end: false });
  });
}

/** Needs only the files: no ledger and no configuration. */
async function verify(files: readonly string[], _options: object, command: Command): Promise<void> {
  const faults: string[] = [];
  const rows = [];
  let earlier: { readonly statement: StatementFile; readonly check: StatementCheck } | undefined;
  for (const file of files) {
    const statement = await readStatement(file);
    const check = verifyStatement(statement);
    const gap = earlier && continuityFault(earlier.statement, earlier.check.head, statement);
    faults.push(...[...(gap === undefined ? [] : [gap]), ...check.faults].map((fault) => `${file}: ${fault}`));
    rows.push(rowOf(statement, check));
    earlier = { statement, check };
  }
  if (faults.length > 0) process.exitCode = 1;
  if (wantsJson(command)) return printJson({ statements: rows, faults });
  for (const row of rows) printFields(command, row);
  const right =
    files.length === 1
      ? 'The statement is right.'
      : 'The statements are right, and each starts where the previous one ended.';
  console.log(faults.length === 0 ? right : `There are faults:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
}

const rowOf = (statement: StatementFile, { head, entries, charges }: StatementCheck) => ({
  account: statement.account_id,
  from: statement.from,
  to: statement.to,
  opening: statement.opening_balance,
  entries,
  charges,
  closing: statement.closing_balance,
  revision: head.revision,
  hash: head.hash,
});

async function readStatement(file: string): Promise<StatementFile> {
  const { data, error } = statementSchema.safeParse(await jsonOf(file));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new UsageError(`${file} is not a statement in JSON: ${path === '' ? '' : `${path}: `}${issue?.message ?? ''}`);
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} can't be read as JSON: ${(error as Error).message}`);
  }
}
