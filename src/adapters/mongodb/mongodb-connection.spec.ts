import { describe, expect, it } from 'vitest';
import { MongoConnection } from './mongodb-connection.js';

const PASSWORD = 'hunter2';

describe('the connection string of MongoDB', () => {
  it.each([
    [`mongodb://me:${PASSWORD}@host/db?bogus=1`, 'option bogus is not supported'],
    [`mongodb://me:${PASSWORD}@host/db?tls=maybe`, 'tls/ssl must be either'],
    [`mongodb://me:${PASSWORD}@host/db?readPreference=nearby`, 'Invalid read preference'],
    [`mongodb://me:${PASSWORD}@/db`, 'host list are required'],
    [`mongodb://me:${PASSWORD}`, 'Unable to parse'],
    [`mongodb://me:a@${PASSWORD}@host/db`, 'must be percent-encoded'],
    [`mongodb://me:a/${PASSWORD}@host/db`, 'must be percent-encoded'],
    [`mongodb://me:%${PASSWORD}@host/db`, 'must be percent-encoded'],
    [`mongodb+srv://me:${PASSWORD}@host:27017/db`, 'cannot have port number'],
  ])('is refused with a sentence that does not show its password: %s', (url, sentence) => {
    expect(() => new MongoConnection(url)).toThrow(sentence);
    expect(() => new MongoConnection(url)).not.toThrow(PASSWORD);
  });

  it.each([`mongodb://me:${PASSWORD}@a:27017,b/db?replicaSet=rs`, 'mongodb://127.0.0.1'])(
    'is taken when it is one: %s',
    async (url) => {
      await expect(new MongoConnection(url).close()).resolves.toBeUndefined();
    },
  );
});
