import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { GetAccount } from '../ledger/index.js';
import {
  continuityFault,
  PricedCalls,
  type StatementCheck,
  type StatementFile,
  STATEMENT_FORMATS,
  statementFile,
  type StatementFormat,
  statementPeriod,
  statementSeals,
  trustedKey,
  anyStatementSchema,
  parseStatement,
  verifyStatement,
} from '../account/statements/index.js';
import { withContext } from './context.js';
import { jsonOf, textOf } from './files.js';
import { printFields, printJson, UsageError, wantsJson } from './output.js';
import { instantTextArgument } from './parse.js';

export function statementCommands(command: Command): void {
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
    .description(
      'check statements offline: signature, hash chain, balances, every charge against its usage and price; needs no ledger and no configuration',
    )
    .option(
      '--key <key...>',
      'public keys of the ledger, or files of them; by default those of the earliest statement, taken at their word',
    )
    .option('--after <file>', 'the statement before them, which was checked already')
    .action(verify);
}

interface ExportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format: StatementFormat;
}

function exportStatement(accountId: string, { from, to, format }: ExportOptions): Promise<void> {
  const period = statementPeriod({ from, to }, Date.now());
  if (period === undefined) throw new UsageError('--from must be earlier than --to, and than now.');
  return withContext(async ({ store, readModels, queries, seals, sealer }) => {
    await queries.execute(new GetAccount(accountId));
    const file = await statementFile(
      { store, readModels },
      { accountId, format, ...period },
      statementSeals(seals, sealer),
    );
    await pipeline(file.getStream(), process.stdout, { end: false });
  });
}

interface VerifyOptions {
  readonly key?: readonly string[];
  readonly after?: string;
}

/** Needs only the files: no ledger and no configuration. */
async function verify(files: readonly string[], { key, after }: VerifyOptions, command: Command): Promise<void> {
  const given = key && keysOf(key);
  const faults: string[] = [];
  const rows = [];
  let earlier = after === undefined ? undefined : readStatement(after);
  // Who has no key of the ledger from elsewhere can still hold a statement against the keys of the one before it.
  let keys = given ?? (earlier && keysIn(earlier)) ?? [];
  const calls = new PricedCalls();
  if (earlier !== undefined) verifyStatement(earlier, keys, calls); // for what it charged: it was checked already
  for (const file of files) {
    const statement = readStatement(file);
    const check = verifyStatement(statement, keys, calls);
    const gap = earlier && continuityFault(earlier, statement);
    faults.push(...[...(gap === undefined ? [] : [gap]), ...check.faults].map((fault) => `${file}: ${fault}`));
    rows.push(rowOf(statement, check));
    earlier = statement;
    if (keys.length === 0) keys = keysIn(statement);
  }
  if (faults.length > 0) process.exitCode = 1;
  if (wantsJson(command)) return printJson({ statements: rows, faults });
  for (const row of rows) printFields(command, row);
  console.log(
    faults.length === 0
      ? verdictOf(rows, given)
      : `There are faults:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  );
}

const keysIn = (statement: StatementFile): readonly string[] =>
  (statement.version === 1 ? undefined : statement.proof?.keys) ?? [];

/** What it means that there are no faults. */
function verdictOf(
  rows: readonly { readonly signedBy: string | undefined }[],
  given: readonly string[] | undefined,
): string {
  const one = rows.length === 1;
  const right = one
    ? 'The statement is right'
    : 'The statements are right, and each starts where the previous one ended';
  if (rows.some(({ signedBy }) => signedBy === undefined))
    return `${right}, but ${one ? 'it is' : 'not all are'} signed${one ? ' by nobody' : ''}: whoever made the file could have moved its period, or made all of it up.`;
  if (given !== undefined) return `${right}, and signed by the ledger.`;
  return `${right}, and signed by a key that the file itself brings. Compare it with the one at /log/key of the gateway, or give that with --key.`;
}

/** Keys as they are given, or those in files, a line each. @throws UsageError */
function keysOf(given: readonly string[]): readonly string[] {
  const texts = given.map((text) => (isKey(text) ? text : textOf(text)));
  const keys = texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wrong = keys.length === 0 ? given[0] : keys.find((key) => !isKey(key));
  if (wrong === undefined) return keys;
  throw new UsageError(`"${wrong}" is not a public key of a ledger, such as token-hub/1234567890abcdef+12345678+AW…`);
}

function isKey(text: string): boolean {
  try {
    return trustedKey(text) !== undefined;
  } catch {
    return false;
  }
}

const rowOf = (statement: StatementFile, { head, entries, charges, signedBy }: StatementCheck) => ({
  account: statement.account_id,
  from: statement.from,
  to: statement.to,
  opening: statement.opening_balance,
  entries,
  charges,
  closing: statement.closing_balance,
  revision: head.revision,
  hash: head.hash,
  signedBy,
});

function readStatement(file: string): StatementFile {
  const json = jsonOf(file, parseStatement);
  const { data, error } = anyStatementSchema.safeParse(json);
  // The file itself, as hashes and signatures cover what a copy may lack.
  if (data !== undefined) return json as StatementFile;
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new UsageError(`${file} is not a statement in JSON: ${path === '' ? '' : `${path}: `}${issue?.message ?? ''}`);
}
