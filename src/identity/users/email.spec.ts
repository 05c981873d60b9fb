import { describe, expect, it } from 'vitest';
import { checked } from '../../platform/http/index.js';
import { ForEmail } from '../api/identity.dto.js';

describe('an email address', () => {
  it.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ["o'hara+news@mail.example.co.uk", "o'hara+news@mail.example.co.uk"],
  ])('%j is the person %j', (email, address) =>
    expect(checked(ForEmail, { email })).resolves.toMatchObject({ email: address }),
  );

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
  ])('is not %s', (_what, email) =>
    expect(checked(ForEmail, { email })).rejects.toMatchObject({ status: 400, options: { param: 'email' } }),
  );
});
