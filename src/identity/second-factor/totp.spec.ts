import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { Rejection } from '../../kernel/index.js';
import { hashOfRecoveryCode, newRecoveryCodes, newTotpSecret, spend, totpUrl } from './totp.js';
import type { Totp } from '../users/user.js';

const NOW = Date.parse('2026-03-04T12:00:10Z');
const STEP = Math.floor(NOW / 30_000);
const SECRET = newTotpSecret();
const codeAt = (timestamp: number): string => new TOTP({ secret: Secret.fromBase32(SECRET) }).generate({ timestamp });
const totp = (more: Partial<Totp> = {}): Totp => ({ secret: 'sealed', lastStep: 0, recoveryCodes: [], ...more });
const refused = (outcome: Totp | Rejection): string => (outcome instanceof Rejection ? outcome.code : 'taken');

describe('a code of the app', () => {
  it.each([-1, 0, 1])('is taken %i steps away', (steps) => {
    const outcome = spend(totp(), SECRET, codeAt(NOW + steps * 30_000), NOW);
    expect(outcome).toMatchObject({ lastStep: STEP + steps });
  });

  it.each([-2, 2, 100])('is refused %i steps away', (steps) =>
    expect(refused(spend(totp(), SECRET, codeAt(NOW + steps * 30_000), NOW))).toBe('invalid_code'),
  );

  it('is taken once, and none before it afterwards', () => {
    const after = spend(totp(), SECRET, codeAt(NOW), NOW) as Totp;
    expect(refused(spend(after, SECRET, codeAt(NOW), NOW))).toBe('invalid_code');
    expect(refused(spend(after, SECRET, codeAt(NOW - 30_000), NOW))).toBe('invalid_code');
    expect(refused(spend(after, SECRET, codeAt(NOW + 30_000), NOW))).toBe('taken');
  });

  it('is taken though one was taken by a clock that was ahead by more than minutes', () => {
    const ahead = 2 * 86_400_000;
    const after = spend(totp(), SECRET, codeAt(NOW + ahead), NOW + ahead) as Totp;
    expect(spend(after, SECRET, codeAt(NOW), NOW)).toMatchObject({ lastStep: STEP });
    expect(refused(spend(totp({ lastStep: STEP + 10 }), SECRET, codeAt(NOW), NOW))).toBe('invalid_code');
  });

  it('may be typed with spaces', () => {
    const code = codeAt(NOW);
    expect(refused(spend(totp(), SECRET, ` ${code.slice(0, 3)} ${code.slice(3)} `, NOW))).toBe('taken');
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('is not %j', (code) =>
    expect(refused(spend(totp(), SECRET, code, NOW))).toBe('invalid_code'),
  );

  // RFC 6238, appendix B, the last six of the eight digits.
  it('is that of the standard', () => {
    const secret = Secret.fromLatin1('12345678901234567890').base32;
    expect(refused(spend(totp(), secret, '081804', 1_111_111_109_000))).toBe('taken');
  });
});

describe('recovery codes', () => {
  const codes = newRecoveryCodes();
  const kept = totp({ recoveryCodes: codes.map(hashOfRecoveryCode) });

  it('are ten, of 80 bits each, in groups', () => {
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  });

  it('are taken once each, however they are typed', () => {
    const [code = ''] = codes;
    const after = spend(kept, SECRET, code.toUpperCase().replaceAll('-', ' '), NOW) as Totp;
    expect(after.recoveryCodes).toHaveLength(9);
    expect(refused(spend(after, SECRET, code, NOW))).toBe('invalid_code');
    expect(refused(spend(after, SECRET, codes[1] ?? '', NOW))).toBe('taken');
  });
});

it('an app reads issuer and address from the URL', () => {
  const url = new URL(totpUrl(SECRET, 'ada@example.com'));
  expect(decodeURIComponent(url.pathname)).toContain('token-hub:ada@example.com');
  expect(url.searchParams.get('secret')).toBe(SECRET);
});
