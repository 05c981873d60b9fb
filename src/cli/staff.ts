// Who is at the command line, and what makes a thing that is made there unique. People are named by address, user id or account; what is
// written is the user id.
import { Command, InvalidArgumentError } from 'commander';
import { GetPerson, isVerified, ListPeople, type Person } from '../identity/index.js';
import { newId, Refused } from '../kernel/index.js';
import type { Context } from './context.js';
import { UsageError } from './output.js';

/** Who acts where nobody has registered yet: there is nobody to name. */
export const CONSOLE = 'console';
const REFERENCE = /^[\x21-\x7e]{1,100}$/;

export const withActor = (command: Command): Command =>
  command.option('--by <user>', 'who you are: address or user id; needed once anybody has registered');

export const withReference = (command: Command): Command =>
  command.option(
    '--reference <text>',
    'makes it unique: with the same one, the same command does it once. Needed in scripts, made up at a terminal',
    referenceArgument,
  );

function referenceArgument(text: string): string {
  if (REFERENCE.test(text)) return text;
  throw new InvalidArgumentError('A reference has 1 to 100 visible ASCII characters, such as the number of a ticket.');
}

/** However a person is named. @throws Refused `user_not_found` */
export async function personOf({ queries }: Context, name: string): Promise<Person> {
  if (name.includes('@')) return queries.execute(new GetPerson({ email: name.trim().toLowerCase() }));
  const byUser = await unlessRefused(queries.execute(new GetPerson({ userId: name })));
  return byUser ?? queries.execute(new GetPerson({ accountId: name }));
}

async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** The user id of who is named by an option. @throws UsageError for somebody who is not there, or whose address nobody has confirmed */
export async function userIdOf(context: Context, option: string, name: string): Promise<string> {
  const person = await unlessRefused(personOf(context, name));
  if (person === undefined)
    throw new UsageError(`${option}: there is no user "${name}". "tokenhub user list" shows who there is.`);
  if (!isVerified(person.user)) throw new UsageError(`${option}: ${name} has not confirmed that address yet.`);
  return person.userId;
}

/** Who acts. @throws UsageError */
export async function actorOf(context: Context, name: string | undefined): Promise<string> {
  if (name !== undefined) return userIdOf(context, '--by', name);
  const [anybody] = await context.queries.execute(new ListPeople(1));
  if (anybody === undefined) return CONSOLE;
  throw new UsageError('Say who you are with --by <address or user id>: it stands in the ledger beside what you do.');
}

/**
 * The reference that was given; a new one at a terminal, told at once so that a command that is killed can be run again with it.
 * @throws UsageError in a script without one
 */
export function referenceOf(given: string | undefined): string {
  if (given !== undefined) return given;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(
      'A script must name what it makes with --reference <text>, such as the number of a ticket: run again with the same one, it makes it once.',
    );
  }
  const reference = newId();
  console.error(`Reference: ${reference} (should this command be cut off, run it again with --reference ${reference})`);
  return reference;
}
