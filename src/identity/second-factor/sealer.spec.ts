import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../platform/config.js';
import { Sealer } from './sealer.js';

const sealerOf = (PEOPLE_SECRET: string | undefined, NODE_ENV: 'test' | 'production' = 'test') =>
  new Sealer({ PEOPLE_SECRET, NODE_ENV });
const SECRET = 'k'.repeat(32);

describe('what is sealed', () => {
  const sealer = sealerOf(SECRET);
  const sealed = sealer.seal('totp', 'ada', 'the secret');

  it('opens under the same secret, in another process, too', () =>
    expect(sealerOf(SECRET).open('totp', 'ada', sealed)).toBe('the secret'));

  it('does not show what it is, nor that it is the same as another', () => {
    expect(Buffer.from(sealed, 'base64url').includes('the secret')).toBe(false);
    expect(sealer.seal('totp', 'ada', 'the secret')).not.toBe(sealed);
  });

  it.each([
    ['under another secret', () => sealerOf('x'.repeat(32)).open('totp', 'ada', sealed)],
    ['for another purpose', () => sealer.open('google-login', 'ada', sealed)],
    ['for another person', () => sealer.open('totp', 'bob', sealed)],
    ['when it was altered', () => sealer.open('totp', 'ada', `A${sealed.slice(1)}A`)],
    ['when it is cut off', () => sealer.open('totp', 'ada', sealed.slice(0, 10))],
    ['when it is nothing', () => sealer.open('totp', 'ada', '')],
  ])('does not open %s', (_when, open) => expect(open()).toBeUndefined());
});

it('what is real does not start without a secret', () => {
  expect(() => sealerOf(undefined, 'production')).toThrow(ConfigurationError);
  expect(() => sealerOf(SECRET, 'production')).not.toThrow();
  const real = { PUBLIC_URL: 'https://hub.example' };
  expect(() => new Sealer(real)).toThrow(/^PEOPLE_SECRET is not set.*PUBLIC_URL=https:\/\/hub\.example/);
  expect(() => new Sealer({ ...real, PEOPLE_SECRET: SECRET })).not.toThrow();
});
