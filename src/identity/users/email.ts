import { z } from 'zod';

/** The longest address that mail can carry (RFC 5321, section 4.5.3.1.3: a path of 256 characters has two angle brackets). */
export const LONGEST_ADDRESS = 254;

/** No control characters, spaces or commas: nothing that could end a header of an email or add a recipient. */
export const EMAIL_ADDRESS = z.regexes.email;

/** An address as it names a user: one person can't register twice by another spelling of it. */
export const normalEmail = (typed: string): string => typed.trim().toLowerCase();

/** Whether this is an address, as `normalEmail` makes one. */
export const isEmail = (address: string): boolean => address.length <= LONGEST_ADDRESS && EMAIL_ADDRESS.test(address);
