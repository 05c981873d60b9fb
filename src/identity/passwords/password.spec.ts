import { parseOptions } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { checked } from '../../platform/http/index.js';
import { Register } from '../api/identity.dto.js';
import { hashPassword, isPassword, weakness } from './password.js';

const read = async (password: string) => (await checked(Register, { email: 'ada@example.com', password })).password;

describe('a new password', () => {
  it.each(['ten chars.', 'correct horse battery', '密码密码密码密码密码', 'x'.repeat(100) + 'y'.repeat(100)])(
    'may be %j',
    async (password) => {
      expect(await read(password)).toBe(password);
      expect(weakness(password, 'ada@example.com')).toBeUndefined();
    },
  );

  it.each(['nine char', '', 'x'.repeat(201)])('may not be %j, by its length', (password) =>
    expect(read(password)).rejects.toMatchObject({ status: 400, options: { param: 'password' } }),
  );

  it.each(['Password1234', '1234567890', 'aaaaaaaaaaaa', 'Ada.Lovelace@example.com', 'ada.lovelace'])(
    'may not be %j, which is guessed first',
    (password) => expect(weakness(password, 'ada.lovelace@example.com')?.code).toBe('weak_password'),
  );

  it('is the same however its characters were composed', async () => {
    expect(await read('Cafe\u0301 au lait')).toBe(await read('Caf\u00e9 au lait'));
  });
});

describe('the hash of a password', () => {
  it('is Argon2id as OWASP recommends', async () => {
    const options = parseOptions(await hashPassword('correct horse battery'));
    expect(options).toMatchObject({ algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  });

  it('fits its password alone', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(await isPassword(hash, 'correct horse battery')).toBe(true);
    expect(await isPassword(hash, 'correct horse batterY')).toBe(false);
  });

  it('fits none where there is none, the one it is compared with included', async () => {
    expect(await isPassword(undefined, 'correct horse battery')).toBe(false);
    expect(await isPassword(undefined, 'the password of nobody')).toBe(false);
  });
});
