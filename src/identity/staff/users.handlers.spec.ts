import { beforeEach, expect, it } from 'vitest';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { SystemClock } from '../../kernel/index.js';
import { RemoveDuplicateHandler } from './users.handlers.js';
import { RemoveDuplicate } from './users.messages.js';
import { Sessions } from '../sessions/sessions.js';
import { newUser, users } from '../users/user.js';
import { Users } from '../users/users.js';

const ada = newUser('ada@example.com', '2026-11-28T00:00:00Z');
let people: Users;
let remove: (userId: string) => Promise<unknown>;
beforeEach(async () => {
  const documents = new MemoryDocumentStore();
  people = new Users(documents);
  const handler = new RemoveDuplicateHandler(people, new Sessions(documents, people, new SystemClock()));
  remove = (userId) => handler.execute(new RemoveDuplicate(userId));
  const withoutIndexes = { ...users, unique: [] };
  await documents.insert(withoutIndexes, 'a', ada);
  await documents.insert(withoutIndexes, 'b', { ...ada, accountId: 'another' });
});

it('takes away one of two with the same address, and not the other', async () => {
  expect(await remove('b')).toEqual({ userId: 'b', user: { ...ada, accountId: 'another' } });
  await expect(remove('a')).rejects.toThrow('Nobody else has the address');
  expect((await people.list(10)).map(({ userId }) => userId)).toEqual(['a']);
  await expect(remove('b')).rejects.toThrow('no user with this id');
});
