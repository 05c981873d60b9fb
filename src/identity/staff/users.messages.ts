import { Command, Query } from '@nestjs/cqrs';
import type { Person } from '../users/user.js';
import type { Role } from '../../platform/http/index.js';

/** Who on the staff decides (a user id, or `console`), and why. */
export interface StaffAct {
  readonly by: string;
  readonly reason?: string | undefined;
}

const AT_THE_MACHINE: StaffAct = { by: 'console' };

/** The user with this id, address or ledger account. Refused: `user_not_found`. */
export class GetUser extends Query<Person> {
  constructor(readonly by: { readonly userId: string } | { readonly email: string } | { readonly accountId: string }) {
    super();
  }
}

/** Users, in the order in which they registered. */
export class ListUsers extends Query<readonly Person[]> {
  constructor(readonly limit: number) {
    super();
  }
}

/** The people with a role whose address is confirmed, in the order in which they registered. */
export class ListStaff extends Query<readonly Person[]> {
  constructor(readonly role: Role) {
    super();
  }
}

/** Gives and takes roles: by somebody at the machine, or by an operator (people.ts holds the rules for them). Refused: `user_not_found`. */
export class ChangeRoles extends Command<Person> {
  constructor(
    readonly userId: string,
    readonly change: { readonly add: readonly Role[]; readonly remove: readonly Role[] },
    readonly act = AT_THE_MACHINE,
  ) {
    super();
  }
}

/** Removes a lost second factor and logs the user out everywhere. Refused: `user_not_found`. */
export class RemoveSecondFactor extends Command<void> {
  constructor(
    readonly userId: string,
    readonly act = AT_THE_MACHINE,
  ) {
    super();
  }
}

/** Ends all sessions of a user. Refused: `user_not_found`. */
export class EndSessions extends Command<void> {
  constructor(
    readonly userId: string,
    readonly act = AT_THE_MACHINE,
  ) {
    super();
  }
}

/**
 * Removes one of several users with the same address, account or Google account, which a store without its unique indexes let in. Their
 * ledger account stays. Refused: `user_not_found`, `not_a_duplicate`.
 */
export class RemoveDuplicate extends Command<Person> {
  constructor(readonly userId: string) {
    super();
  }
}
