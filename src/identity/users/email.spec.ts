import { describe, expect, it } from 'vitest';
import { EmailAddress } from './email.js';

describe('an email address', () => {
  it.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ["o'hara+news@mail.example.co.uk", "o'hara+news@mail.example.co.uk"],
  ])('%j is the person %j', (typed, address) => expect(EmailAddress.parse(typed)).toBe(address));

  it.each([
    ['no address', 'ada'],
    ['a header of its own', 'ada@example.com\r\nBcc: bob@example.com'],
    ['a line within', 'ada\n@example.com'],
    ['a second recipient', 'ada@example.com,bob@example.com'],
    ['a name before it', 'Ada <ada@example.com>'],
    ['a NUL', 'ada\u0000@example.com'],
    ['more than mail can carry', `${'a'.repeat(250)}@example.com`],
    ['no text', 7],
    ['nothing', undefined],
  ])('is not %s', (_what, typed) => expect(EmailAddress.safeParse(typed).success).toBe(false));
});
