// The users, as operators look for them and give them roles.
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Refused, refuse } from '../../kernel/index.js';
import type { Role } from '../../platform/http/index.js';
import { Sessions } from '../sessions/sessions.js';
import { isVerified, type Person } from '../users/user.js';
import { Users } from '../users/users.js';
import { ChangeRoles, EndSessions, type StaffAct } from './users.messages.js';

export interface PeopleFilter {
  /** A part of the address, or the whole id of the user or account. */
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
}

export interface PeoplePage {
  readonly people: readonly Person[];
  /** The user id to go on from. */
  readonly next: string | undefined;
}

/** What a user's sessions tell. */
export interface LoginFacts {
  readonly sessions: number;
  /** ISO 8601; undefined for who has no session. */
  readonly lastLogin?: string | undefined;
}

/** An operator's decision: who, and why. */
type Decision = Required<StaffAct> & { readonly reason: string };

@Injectable()
export class People {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly commands: CommandBus,
  ) {}

  /** A page of users, the newest first. @throws Refused `user_not_found` for a cursor of nobody */
  async page({ q, role }: PeopleFilter, limit: number, cursor: string | undefined): Promise<PeoplePage> {
    const wanted = q?.trim().toLowerCase() ?? '';
    const matches = ({ userId, user }: Person): boolean =>
      (role === undefined || user.roles.includes(role)) &&
      (wanted === '' ||
        user.email.includes(wanted) ||
        [userId, user.accountId].some((id) => id.toLowerCase() === wanted));
    const people: Person[] = [];
    for await (const person of this.users.newest(cursor)) {
      if (!matches(person)) continue;
      if (people.length === limit) return { people, next: people.at(-1)?.userId };
      people.push(person);
    }
    return { people, next: undefined };
  }

  /** @throws Refused `user_not_found` */
  async person(userId: string): Promise<Person> {
    const person = await this.users.byId(userId);
    if (person === undefined) throw new Refused(notFound);
    return person;
  }

  async loginsOf(person: Person): Promise<LoginFacts> {
    const sessions = await this.sessions.list(person);
    const lastLogin = sessions
      .map(({ doc }) => doc.startedAt)
      .toSorted()
      .at(-1);
    return { sessions: sessions.length, lastLogin };
  }

  /**
   * Gives a role to somebody else whose address is confirmed.
   * @throws Refused `user_not_found`, `own_role`, `email_not_verified`
   */
  async grant(userId: string, role: Role, act: Decision): Promise<Person> {
    const { user } = await this.person(userId);
    if (userId === act.by) throw new Refused(ownRole);
    if (!isVerified(user)) throw new Refused(notVerified);
    return this.commands.execute(new ChangeRoles(userId, { add: [role], remove: [] }, act));
  }

  /** Takes a role away; the last operator keeps theirs. @throws Refused `user_not_found`, `last_operator` */
  async revoke(userId: string, role: Role, act: Decision): Promise<Person> {
    await this.person(userId);
    if (role === 'operator' && !(await this.#isAnotherOperator(userId))) throw new Refused(lastOperator);
    return this.commands.execute(new ChangeRoles(userId, { add: [], remove: [role] }, act));
  }

  /** Logs somebody out everywhere. @throws Refused `user_not_found` */
  async endSessions(userId: string, act: Decision): Promise<void> {
    await this.person(userId);
    await this.commands.execute(new EndSessions(userId, act));
  }

  async #isAnotherOperator(userId: string): Promise<boolean> {
    for await (const person of this.users.all())
      if (person.userId !== userId && person.user.roles.includes('operator') && isVerified(person.user)) return true;
    return false;
  }
}

const notFound = refuse(
  'not_found',
  'user_not_found',
  'There is no such user: they never registered, or were deleted.',
);
const ownRole = refuse('conflict', 'own_role', 'Nobody gives themselves a role. Another operator can give it to you.');
const notVerified = refuse(
  'conflict',
  'email_not_verified',
  'This person has not confirmed their address yet. A role is given to whoever has.',
);
const lastOperator = refuse(
  'conflict',
  'last_operator',
  'This is the last operator. Give the role to somebody else first; else nobody could give it again but at the machine.',
);
