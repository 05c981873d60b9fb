// The bodies of /api/auth and /api/me.
import { z } from 'zod';
import { EmailAddress } from '../users/email.js';
import { GivenPassword, NewPassword } from '../passwords/password.js';
import { ROLES } from '../../platform/http/index.js';

const Code = z
  .string('must be a text')
  .trim()
  .min(1, 'must not be empty')
  .max(40, 'is too long for a code')
  .describe('of the second factor: six digits of the app, or a recovery code');
const Token = z.string('must be a text').max(100, 'is too long').describe('of the mailed link');
const password = GivenPassword.optional().describe(
  'their password; without one, the login must be ten minutes old at most',
);

export const RegisterBody = z.object({ email: EmailAddress, password: NewPassword });
export const EmailBody = z.object({ email: EmailAddress });
export const TokenBody = z.object({ token: Token });
export const LoginBody = z.object({ email: EmailAddress, password: GivenPassword, totp: Code.optional() });
export const ResetBody = z.object({ token: Token, password: NewPassword, totp: Code.optional() });
export const CodeBody = z.object({ totp: Code });
export const PasswordBody = z.object({ password });
export const ChangePasswordBody = z.object({ current_password: password, new_password: NewPassword });
export const ChangeEmailBody = z.object({ email: EmailAddress, password });
export const DeleteBody = z.object({
  password,
  confirm: z.literal(true, 'must be true: deleting can’t be undone'),
  forfeit_credit: z.boolean().optional().describe('true to give up the credit that is left'),
});

const Instant = z.iso.datetime().describe('ISO 8601, UTC');
export const Accepted = z.object({ message: z.string() });
export const LoggedInAnswer = z.object({
  user_id: z.string(),
  csrf_token: z.string().describe('goes into the header x-csrf-token of every request that changes something'),
});
export const SessionAnswer = z.object({
  logged_in: z.boolean(),
  code_required: z.boolean().describe('the session waits for its second factor: POST /api/auth/second-factor'),
  csrf_token: z.string().nullable(),
});
export const MethodsAnswer = z.object({ password: z.literal(true), google: z.boolean() });
export const MeAnswer = z.object({
  user_id: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  roles: z.array(z.enum(ROLES)),
  account_id: z.string(),
  has_password: z.boolean(),
  google: z.object({ email: z.string() }).nullable(),
  second_factor: z.object({
    enabled: z.boolean(),
    required: z.boolean().describe('a role needs it'),
    recovery_codes_left: z.int(),
  }),
  csrf_token: z.string(),
  created: Instant,
});
const SessionRow = z.object({
  id: z.string(),
  client: z.string(),
  current: z.boolean(),
  started: Instant,
  last_seen: Instant,
  expires: Instant,
});
export const SessionList = z.object({
  object: z.literal('list'),
  data: z.array(SessionRow),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});
export const TotpSetUp = z.object({
  secret: z.string().describe('base32'),
  otpauth_url: z.string().describe('for a QR code'),
});
export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) });
export const ConfirmedSecondFactor = LoggedInAnswer.extend(RecoveryCodes.shape);
export const GoogleStartAnswer = z.object({ url: z.url().describe('where the browser goes next') });
