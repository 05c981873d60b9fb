// What /api takes and answers about users, to operators.
import {
  EnumField,
  ListQuery,
  ReasonField,
  type Role,
  ROLES,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  TextField,
} from '../../platform/http/index.js';
import { type Language, LANGUAGES } from '../../platform/mail/index.js';
import { hasSecondFactor, isVerified, languageOf, type Person as User } from '../users/user.js';
import type { LoginFacts } from './people.js';

export class PeopleQuery extends ListQuery {
  @TextField('a part of the address, or the id of the user or account', { min: 1, max: 254, optional: true })
  readonly q?: string;

  @EnumField('who has this role', ROLES, { optional: true })
  readonly role?: Role;
}

export class DecideAboutPerson {
  @ReasonField()
  readonly reason!: string;
}

export class DecideOnRole extends DecideAboutPerson {
  @EnumField('the role', ROLES)
  readonly role!: Role;
}

class StaffDecision {
  @ShownInstant('when', { format: 'date-time' })
  readonly at!: string;

  @Shown('what was decided, such as `roles +finance`')
  readonly what!: string;

  @Shown('who: a user id, or `console` for somebody at the machine')
  readonly by!: string;

  @ShownOrNull('why')
  readonly reason!: string | null;
}

export class Person {
  @ShownAlways('person')
  readonly object!: 'person';

  @Shown()
  readonly user_id!: string;

  @Shown()
  readonly email!: string;

  @Shown()
  readonly email_verified!: boolean;

  @ShownEnum(ROLES, undefined, { isArray: true })
  readonly roles!: readonly Role[];

  @Shown('their ledger account')
  readonly account_id!: string;

  @Shown('whether they have turned their second factor on; every role needs one')
  readonly second_factor!: boolean;

  @Shown('whether a Google account logs them in')
  readonly google!: boolean;

  @ShownInstant('when they registered', { format: 'date-time' })
  readonly created!: string;
}

export class PersonInDetail extends Person {
  @ShownEnum(LANGUAGES, 'of their emails and pages')
  readonly language!: Language;

  @ShownInteger('how many sessions they have')
  readonly sessions!: number;

  @ShownOrNull('when the newest of their sessions began (ISO 8601); null for who has none', { format: 'date-time' })
  readonly last_login!: string | null;

  @ShownObject(StaffDecision, 'what staff decided about them, the newest first', { isArray: true })
  readonly decisions!: StaffDecision[];
}

export const shown = ({ userId, user }: User): Person => ({
  object: 'person',
  user_id: userId,
  email: user.email,
  email_verified: isVerified(user),
  roles: [...user.roles],
  account_id: user.accountId,
  second_factor: hasSecondFactor(user),
  google: user.googleId !== undefined,
  created: user.registeredAt,
});

export const shownInDetail = (person: User, { sessions, lastLogin }: LoginFacts): PersonInDetail => ({
  ...shown(person),
  language: languageOf(person.user),
  sessions,
  last_login: lastLogin ?? null,
  decisions: (person.user.decisions ?? [])
    .map(({ at, what, by, reason = null }) => ({ at, what, by, reason }))
    .toReversed(),
});
