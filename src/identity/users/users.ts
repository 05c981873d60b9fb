import { Injectable } from '@nestjs/common';
import { DocumentStore, type Stored } from '../../platform/documents/index.js';
import { Refused, refuse, Rejection } from '../../kernel/index.js';
import { type Person, type User, users } from './user.js';

const ATTEMPTS = 5;
const PAGE = 500;

const personOf = ({ id, doc }: Stored<User>): Person => ({ userId: id, user: doc });

/** The users. */
@Injectable()
export class Users {
  constructor(private readonly documents: DocumentStore) {}

  async byId(userId: string): Promise<Person | undefined> {
    const stored = await this.documents.get(users, userId);
    return stored && personOf(stored);
  }

  /** Each field is unique. */
  async by(field: 'email' | 'accountId' | 'googleId', value: string): Promise<Person | undefined> {
    const [stored] = await this.documents.find(users, { where: { [field]: value }, limit: 1 });
    return stored && personOf(stored);
  }

  /** Whether another user has a value that must be unique. */
  async isThereTwice({ user }: Person): Promise<boolean> {
    for (const field of users.unique) {
      const value = user[field];
      if (typeof value !== 'string') continue;
      const found = await this.documents.find(users, { where: { [field]: value }, limit: 2 });
      if (found.length > 1) return true;
    }
    return false;
  }

  /** In the order in which they registered. */
  async list(limit: number): Promise<readonly Person[]> {
    return (await this.documents.find(users, { orderBy: 'registeredAt', limit })).map(personOf);
  }

  /** All of them, in the order in which they registered, a page at a time. */
  async *all(): AsyncGenerator<Person> {
    for (let after: Stored<User> | undefined; ;) {
      const read = await this.documents.find(users, { orderBy: 'registeredAt', limit: PAGE, ...(after && { after }) });
      yield* read.map(personOf);
      after = read.at(-1);
      if (read.length < PAGE) return;
    }
  }

  /** All of them, the newest first, after the user `after`. @throws Refused `user_not_found` */
  async *newest(after?: string): AsyncGenerator<Person> {
    let last = after === undefined ? undefined : await this.documents.get(users, after);
    if (after !== undefined && last === undefined) throw new Refused(cursorOfNobody);
    for (;;) {
      const query = { orderBy: 'registeredAt', descending: true, limit: PAGE, ...(last && { after: last }) };
      const read = await this.documents.find(users, query);
      yield* read.map(personOf);
      last = read.at(-1);
      if (read.length < PAGE) return;
    }
  }

  /** False if another user has the address, the account or the Google account. */
  add({ userId, user }: Person): Promise<boolean> {
    return this.documents.insert(users, userId, user);
  }

  /**
   * Changes a user by a pure step, which runs again if another change came first.
   * @throws Refused what the step refuses; `not_logged_in` if the user is gone; `already_in_use` if another user has a unique value
   */
  async change(userId: string, step: (user: User) => User | Rejection): Promise<Person> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await this.documents.get(users, userId);
      if (stored === undefined) throw new Refused(refuse('unauthenticated', 'not_logged_in', 'This person is gone.'));
      const changed = step(stored.doc);
      if (changed instanceof Rejection) throw new Refused(changed);
      if (changed === stored.doc || (await this.documents.replace(users, stored, changed)))
        return { userId, user: changed };
    }
    throw new Refused(refuse('conflict', 'already_in_use', 'Another user has this address or Google account.'));
  }

  async remove(userId: string): Promise<void> {
    await this.documents.remove(users, { where: { id: userId } });
  }

  /** Removes a registration that was never verified, for the user who has shown that the address is theirs. */
  async removeUnverifiedAt(email: string): Promise<void> {
    const holder = await this.by('email', email);
    const since = holder?.user.unverifiedSince;
    if (holder === undefined || since === undefined) return;
    await this.documents.remove(users, { where: { id: holder.userId, unverifiedSince: since } });
  }

  /** Removes users who registered before an instant and never verified their address. Returns how many. */
  removeUnverified(before: string): Promise<number> {
    return this.documents.remove(users, { below: { unverifiedSince: before } });
  }
}

const cursorOfNobody = refuse(
  'not_found',
  'user_not_found',
  '"cursor" must be the next_cursor of a page of this list.',
);
