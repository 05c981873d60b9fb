// Identifies the person at the command line, and the reference that makes a command repeatable. People are named by
// address, user id or account; the ledger stores the user id.
import { type Command, InvalidArgumentError } from 'commander';
import { GetUser, isVerified, ListUsers, type Person } from '../identity/index.js';
import { newId, Refused } from '../kernel/index.js';
import { type Role, ROLES } from '../platform/http/index.js';
import type { Context } from './context.js';
import { UsageError } from './output.js';
import { instantTextArgument, textArgument } from './parse.js';

/** The actor while nobody has registered yet. */
export const CONSOLE = 'console';
const REFERENCE = /^[\x21-\x7e]{1,100}$/;

export const withActor = (command: Command): Command =>
  command.option('--by <user>', 'who you are: e-mail address or user id; required once anybody has registered');

/** Whose decisions a pair of people makes, as /api has it: an account of a customer is no second person. */
export const FINANCE: readonly Role[] = ['finance'];
export const OPERATOR: readonly Role[] = ['operator'];
export const ANY_STAFF: readonly Role[] = ROLES;

export const withApprover = (command: Command): Command =>
  command
    .requiredOption('--approved-by <user>', 'who approves it: e-mail address or user id')
    .option('--reason <text>', 'why they approve it; the ledger keeps it forever', textArgument);

/** The approval of a proposal, which can be tied to the one that was looked at. */
export const withApproval = (command: Command): Command =>
  withApprover(command).option(
    '--proposed-at <instant>',
    'when it was proposed, as it was shown: refused where something else was proposed since',
    instantTextArgument,
  );

export interface ApprovalOptions {
  readonly approvedBy: string;
  readonly reason?: string;
  readonly proposedAt?: string;
}

/** The approval that options tell, with the user id of the person. @throws UsageError */
export const approvalOf = async (context: Context, options: ApprovalOptions, roles: readonly Role[]) => ({
  approvedBy: await userIdOf(context, '--approved-by', options.approvedBy, roles),
  reason: options.reason,
  proposedAt: options.proposedAt,
});

export const withReference = (command: Command): Command =>
  command.option(
    '--reference <text>',
    'a unique reference: repeating the command with it has no second effect. Required in scripts, generated at a terminal',
    referenceArgument,
  );

function referenceArgument(text: string): string {
  if (REFERENCE.test(text)) return text;
  throw new InvalidArgumentError('A reference has 1 to 100 visible ASCII characters, such as the number of a ticket.');
}

/** Finds a person by any of their names. @throws Refused `user_not_found` */
export async function personOf({ queries }: Context, name: string): Promise<Person> {
  if (name.includes('@')) return queries.execute(new GetUser({ email: name.trim().toLowerCase() }));
  const byUser = await unlessRefused(queries.execute(new GetUser({ userId: name })));
  return byUser ?? queries.execute(new GetUser({ accountId: name }));
}

async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/**
 * The user id of the person an option names, who must have one of the roles where some are given.
 * @throws UsageError for an unknown person, an unconfirmed address, or a person without the role
 */
export async function userIdOf(
  context: Context,
  option: string,
  name: string,
  roles?: readonly Role[],
): Promise<string> {
  const person = await unlessRefused(personOf(context, name));
  if (person === undefined)
    throw new UsageError(`${option}: there is no user "${name}". "tokenhub user list" shows all users.`);
  if (!isVerified(person.user)) throw new UsageError(`${option}: ${name} has not confirmed this address yet.`);
  if (roles !== undefined && !roles.some((role) => person.user.roles.includes(role)))
    throw new UsageError(`${option}: ${name} does not have the role ${roles.join(' or ')}, which may decide on this.`);
  return person.userId;
}

/** The acting person, who must have one of the roles where some are given. @throws UsageError */
export async function actorOf(context: Context, name: string | undefined, roles?: readonly Role[]): Promise<string> {
  if (name !== undefined) return userIdOf(context, '--by', name, roles);
  const [anybody] = await context.queries.execute(new ListUsers(1));
  if (anybody === undefined) return CONSOLE;
  throw new UsageError('Say who you are with --by <address or user id>: the ledger records it with what you do.');
}

/** The roles of an acting person; undefined for the console while nobody has registered, as it may do everything. */
export const rolesOf = async (context: Context, by: string): Promise<readonly Role[] | undefined> =>
  by === CONSOLE ? undefined : (await personOf(context, by)).user.roles;

/**
 * The given reference, or at a terminal a new one, printed at once so that an interrupted command can be repeated with
 * it.
 * @throws UsageError in a script without one
 */
export function referenceOf(given: string | undefined): string {
  if (given !== undefined) return given;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(
      'A script must give a --reference <text>, such as a ticket number: repeating it with the same one has no second effect.',
    );
  }
  const reference = newId();
  console.error(`Reference: ${reference} (if this command is interrupted, run it again with --reference ${reference})`);
  return reference;
}
