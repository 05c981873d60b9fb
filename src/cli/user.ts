import type { Command } from 'commander';
import {
  ChangeRoles,
  EndSessions,
  hasSecondFactor,
  isVerified,
  ListUsers,
  type Person,
  RemoveDuplicate,
  RemoveSecondFactor,
} from '../identity/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument, textArgument } from './parse.js';
import { CONSOLE, personOf, userIdOf } from './staff.js';
import { ROLES, type Role } from '../platform/http/index.js';

const USERS_SHOWN = 1_000;

export function userCommands(user: Command): void {
  user
    .command('list')
    .description('list all users in order of registration')
    .option('--limit <count>', 'how many', countArgument, USERS_SHOWN)
    .action(list);
  user.command('show <user>').description('show a user, by e-mail address, user id or account').action(show);
  decided(user.command('role <user>'))
    .description('add or remove roles of a user: finance, operator')
    .option('--add <role>', 'a role to add; repeatable', severalRoles)
    .option('--remove <role>', 'a role to remove; repeatable', severalRoles)
    .action(changeRoles);
  decided(user.command('remove-second-factor <user>'))
    .description('for who has lost it, once you are sure who they are; logs them out everywhere')
    .action(removeSecondFactor);
  user
    .command('remove-duplicate <user-id>')
    .description('take away one of several people with the same address, whom a database without its indexes let in')
    .action(removeDuplicate);
  decided(user.command('logout <user>')).description('end all sessions of a user').action(logOut);
}

/** `--by` is optional, because the first person with a role has nobody before them. */
const decided = (command: Command): Command =>
  command
    .option('--by <user>', 'who you are: address or user id; it is kept with the person, as is the reason')
    .option('--reason <text>', 'why', textArgument);

interface Decided {
  readonly by?: string;
  readonly reason?: string;
}

const actOf = async (context: Context, { by, reason }: Decided) => ({
  by: by === undefined ? CONSOLE : await userIdOf(context, '--by', by),
  reason,
});

function severalRoles(text: string, before: readonly Role[] = []): Role[] {
  const role = ROLES.find((known) => known === text);
  if (role === undefined) throw new UsageError(`"${text}" is not a role; the roles are ${ROLES.join(' and ')}.`);
  return [...before, role];
}

const fieldsOf = ({ userId, user }: Person): TableRow => ({
  user: userId,
  email: user.email,
  verified: isVerified(user),
  account: user.accountId,
  roles: user.roles.join(' '),
  secondFactor: hasSecondFactor(user),
  google: user.googleId !== undefined,
  registered: user.registeredAt,
});

function list({ limit }: { limit: number }, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const people = await queries.execute(new ListUsers(limit));
    printRows(command, people.map(fieldsOf), 'Nobody has registered yet.');
  });
}

function show(name: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const person = await personOf(context, name);
    const decisions = person.user.decisions ?? [];
    if (wantsJson(command)) return printJson({ ...fieldsOf(person), decisions });
    printFields(command, fieldsOf(person));
    if (decisions.length > 0) printRows(command, decisions, '');
  });
}

function changeRoles(
  name: string,
  { add = [], remove = [], ...said }: Decided & { readonly add?: readonly Role[]; readonly remove?: readonly Role[] },
  command: Command,
): Promise<void> {
  if (add.length + remove.length === 0) throw new UsageError('Say which role to --add or to --remove.');
  return withContext(async (context) => {
    const { userId } = await personOf(context, name);
    const changed = await context.commands.execute(
      new ChangeRoles(userId, { add, remove }, await actOf(context, said)),
    );
    printFields(command, fieldsOf(changed));
  });
}

function removeSecondFactor(name: string, said: Decided, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { userId } = await personOf(context, name);
    await context.commands.execute(new RemoveSecondFactor(userId, await actOf(context, said)));
    printFields(command, fieldsOf(await personOf(context, userId)));
  });
}

function removeDuplicate(userId: string, _options: object, command: Command): Promise<void> {
  return withContext(async ({ commands }) => {
    const { user } = await commands.execute(new RemoveDuplicate(userId));
    const status = 'removed; the account stays in the ledger';
    printFields(command, { user: userId, email: user.email, account: user.accountId, status });
  });
}

function logOut(name: string, said: Decided, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { userId } = await personOf(context, name);
    await context.commands.execute(new EndSessions(userId, await actOf(context, said)));
    printFields(command, { user: userId, status: 'logged out everywhere' });
  });
}
