import { z } from 'zod';

/** The longest address that mail can carry (RFC 5321, section 4.5.3.1.3: a path of 256 characters has two angle brackets). */
const LONGEST = 254;

/**
 * An email address as it names a person: trimmed and in lower case, so that one person can't register twice by its spelling. It has no
 * control characters, spaces or commas: nothing that could end a header of a mail or add a recipient.
 */
export const EmailAddress = z
  .string('must be an email address')
  .trim()
  .toLowerCase()
  .max(LONGEST, `must have at most ${LONGEST} characters`)
  .pipe(z.email('must be an email address, such as ada@example.com'));
