// Time-based one-time passwords (RFC 6238): six digits, 30 seconds, one step early or late; and the recovery codes beside them.
import { Secret, TOTP } from 'otpauth';
import { refuse, type Rejection } from '../../kernel/index.js';
import { hashOf } from '../sessions/secret-token.js';
import type { Totp } from '../users/user.js';

const STEP_MS = 30_000;
/** Five minutes. */
const MOST_STEPS_AHEAD = 10;
const RECOVERY_CODES = 10;
/** 80 random bits, 16 characters in base32: a fast hash of them is enough. */
const RECOVERY_BYTES = 10;
/** 160 bits, as long as the hash (RFC 4226, section 4). */
const SECRET_BYTES = 20;

export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, label = 'token-hub'): TOTP =>
  new TOTP({
    issuer: 'token-hub',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_MS / 1_000,
    secret: Secret.fromBase32(secret),
  });

/** What an app reads from a QR code. */
export const totpUrl = (secret: string, email: string): string => totpOf(secret, email).toString();

/** New recovery codes, such as `abcd-efgh-ijkl-mnop`; shown once. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ size: RECOVERY_BYTES }).base32.toLowerCase().replaceAll(/.{4}(?=.)/g, '$&-'),
  );

/** A code as it is compared, however it was typed. */
const bare = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();

export const hashOfRecoveryCode = (code: string): string => hashOf(bare(code));

const invalidCode = refuse(
  'unauthenticated',
  'invalid_code',
  'This code is wrong, or was used already. Wait for the next code of your app, and check that the clock of your device is right.',
);

/**
 * Accepts a code and returns what to keep, so no code is accepted twice. Refused: `invalid_code`.
 * @param secret the one that `totp.secret` seals
 * @param at epoch milliseconds
 */
export function spend(totp: Totp, secret: string, code: string, at: number): Totp | Rejection {
  const typed = bare(code);
  if (/^\d{6}$/.test(typed)) {
    const delta = totpOf(secret).validate({ token: typed, timestamp: at, window: 1 });
    const step = Math.floor(at / STEP_MS) + (delta ?? 0);
    // A code that was accepted by a clock far ahead must not lock its owner out until that time.
    const last = totp.lastStep > step + MOST_STEPS_AHEAD ? 0 : totp.lastStep;
    return delta === null || step <= last ? invalidCode : { ...totp, lastStep: step };
  }
  const hash = hashOf(typed);
  if (!totp.recoveryCodes.includes(hash)) return invalidCode;
  return { ...totp, recoveryCodes: totp.recoveryCodes.filter((left) => left !== hash) };
}
