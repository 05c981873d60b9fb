import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Clock, Refused, refuse, toInstant } from '../../kernel/index.js';
import {
  ChangeRoles,
  EndSessions,
  GetUser,
  ListStaff,
  ListUsers,
  RemoveDuplicate,
  RemoveSecondFactor,
  type StaffAct,
} from './users.messages.js';
import { Sessions } from '../sessions/sessions.js';
import { decidedOn, isVerified, type Person, type User, without } from '../users/user.js';
import { Users } from '../users/users.js';

@QueryHandler(GetUser)
export class GetUserHandler implements IQueryHandler<GetUser> {
  constructor(private readonly users: Users) {}

  async execute({ by }: GetUser): Promise<Person> {
    const person =
      'userId' in by
        ? await this.users.byId(by.userId)
        : 'email' in by
          ? await this.users.by('email', by.email)
          : await this.users.by('accountId', by.accountId);
    if (person !== undefined) return person;
    throw new Refused(
      refuse('not_found', 'user_not_found', 'There is no such user: they never registered, or were deleted.'),
    );
  }
}

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(private readonly users: Users) {}

  execute({ limit }: ListUsers): Promise<readonly Person[]> {
    return this.users.list(limit);
  }
}

@QueryHandler(ListStaff)
export class ListStaffHandler implements IQueryHandler<ListStaff> {
  constructor(private readonly users: Users) {}

  async execute({ role }: ListStaff): Promise<readonly Person[]> {
    const found: Person[] = [];
    for await (const person of this.users.all())
      if (person.user.roles.includes(role) && isVerified(person.user)) found.push(person);
    return found;
  }
}

/** A user with a note of what staff has done. */
const noted = (user: User, what: string, { by, reason }: StaffAct, clock: Clock): User =>
  decidedOn(user, { at: toInstant(clock.now()), what, by, ...(reason !== undefined && { reason }) });

@CommandHandler(ChangeRoles)
export class ChangeRolesHandler implements ICommandHandler<ChangeRoles> {
  constructor(
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  execute({ userId, change: { add, remove }, act }: ChangeRoles): Promise<Person> {
    const what = ['roles', ...add.map((role) => `+${role}`), ...remove.map((role) => `-${role}`)].join(' ');
    return this.users.change(userId, (user) => {
      const roles = [...new Set([...user.roles, ...add])].filter((role) => !remove.includes(role)).toSorted();
      return isDeepStrictEqual(roles, user.roles) ? user : noted({ ...user, roles }, what, act, this.clock);
    });
  }
}

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, act }: RemoveSecondFactor): Promise<void> {
    await this.users.change(userId, (user) => noted(without(user, 'totp'), 'second factor removed', act, this.clock));
    await this.sessions.endAll(userId);
  }
}

@CommandHandler(EndSessions)
export class EndSessionsHandler implements ICommandHandler<EndSessions> {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, act }: EndSessions): Promise<void> {
    await this.users.change(userId, (user) => noted(user, 'logged out everywhere', act, this.clock));
    await this.sessions.endAll(userId);
  }
}

@CommandHandler(RemoveDuplicate)
export class RemoveDuplicateHandler implements ICommandHandler<RemoveDuplicate> {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
  ) {}

  async execute({ userId }: RemoveDuplicate): Promise<Person> {
    const person = await this.users.byId(userId);
    if (person === undefined)
      throw new Refused(refuse('not_found', 'user_not_found', 'There is no user with this id.'));
    if (!(await this.users.isThereTwice(person))) throw new Refused(notDuplicate);
    await this.users.remove(userId);
    await this.sessions.removeOf(userId);
    return person;
  }
}

const notDuplicate = refuse(
  'invalid',
  'not_a_duplicate',
  'Nobody else has the address, account or Google account of this person. People delete themselves in their settings.',
);
