// The bodies and answers of /api/auth and /api/me.
import { Equals } from 'class-validator';
import { ApiExtraModels } from '#openapi';
import {
  BooleanField,
  Changed,
  EnumField,
  Field,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  TextField,
  TextListField,
  type Presence,
  type Role,
  ROLES,
  type TextLimits,
  Trimmed,
} from '../../platform/http/index.js';
import { type Language, LANGUAGES } from '../../platform/mail/index.js';
import { applyDecorators } from '@nestjs/common';
import { EMAIL_ADDRESS, LONGEST_ADDRESS, normalEmail } from '../users/email.js';
import { LONGEST_PASSWORD, normalPassword, SHORTEST_PASSWORD } from '../passwords/password.js';

const EmailField = (): PropertyDecorator =>
  applyDecorators(
    Changed(normalEmail),
    TextField('an email address', {
      max: LONGEST_ADDRESS,
      pattern: EMAIL_ADDRESS,
      message: 'must be an email address, such as ada@example.com',
    }),
  );

/** The most characters that are read. Normalised to NFKC, a password may be shorter than it was typed. */
const MOST_TYPED = 4 * LONGEST_PASSWORD;

const Password = (description: string, limits: TextLimits): PropertyDecorator =>
  applyDecorators(
    Changed((text) => (text.length > MOST_TYPED ? text : normalPassword(text))),
    TextField(description, limits),
  );

const PasswordField = (description: string, presence?: Presence): PropertyDecorator =>
  Password(description, { max: MOST_TYPED, ...presence });

const NewPasswordField = (): PropertyDecorator =>
  Password('the new password', {
    max: MOST_TYPED,
    pattern: new RegExp(`^[^]{${SHORTEST_PASSWORD},${LONGEST_PASSWORD}}$`, 'u'),
    message: `must have from ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`,
  });

const CodeField = (presence?: Presence): PropertyDecorator =>
  applyDecorators(
    Trimmed(),
    TextField('of the second factor: six digits of the app, or a recovery code', { min: 1, max: 40, ...presence }),
  );

const TokenField = (): PropertyDecorator => TextField('of the link in the email', { max: 100 });

/**
 * A path, and no other site: `//host` and `/\\host` are hosts to a browser, which also leaves out tabs and line breaks (WHATWG URL Standard,
 * section 4.4).
 */
const PATH_OF_OURS = /^\/(?![/\\])[^\s\\]*$/;

const OPTIONAL_PASSWORD = 'the password; without one, the login must be ten minutes old at most';

export class ForEmail {
  @EmailField()
  readonly email!: string;
}

export class Register extends ForEmail {
  @NewPasswordField()
  readonly password!: string;

  @EnumField('of emails and pages; by default what the browser asks for (Accept-Language)', LANGUAGES, {
    optional: true,
  })
  readonly language?: Language;
}

export class WithToken {
  @TokenField()
  readonly token!: string;
}

export class LogIn extends ForEmail {
  @PasswordField('the password')
  readonly password!: string;

  @CodeField({ optional: true })
  readonly totp?: string;
}

export class ResetPassword extends WithToken {
  @NewPasswordField()
  readonly password!: string;

  @CodeField({ optional: true })
  readonly totp?: string;
}

export class WithCode {
  @CodeField()
  readonly totp!: string;
}

export class WithPassword {
  @PasswordField(OPTIONAL_PASSWORD, { optional: true })
  readonly password?: string;
}

export class ChangePassword {
  @PasswordField(OPTIONAL_PASSWORD, { optional: true })
  readonly current_password?: string;

  @NewPasswordField()
  readonly new_password!: string;
}

export class ChangeEmail extends WithPassword {
  @EmailField()
  readonly email!: string;
}

export class ChangeMe {
  @EnumField('of emails and pages', LANGUAGES)
  readonly language!: Language;
}

export class SetBillingDetails {
  @Trimmed()
  @TextField('the name of a company, or yours', { min: 1, max: 200 })
  readonly name!: string;

  @TextListField('the address, line by line', { max: 6, each: 200 })
  readonly address!: readonly string[];

  @Trimmed()
  @TextField('a tax number, such as a VAT id', { min: 1, max: 50, optional: true })
  readonly tax_id?: string;
}

export class DeleteUser extends WithPassword {
  @Field('true, as deleting can’t be undone', { type: 'boolean', enum: [true] }, [
    Equals(true, { message: 'must be true: deleting can’t be undone' }),
  ])
  readonly confirm!: true;

  @BooleanField('true to give up the credit that is left', { optional: true })
  readonly forfeit_credit?: boolean;
}

export class Accepted {
  @Shown()
  readonly message!: string;
}

export class NextQuery {
  @TextField('where to go after the login: a path of this server', {
    max: 2_000,
    pattern: PATH_OF_OURS,
    message: 'must be a path of this server, such as /topup',
    optional: true,
  })
  readonly next?: string;
}

export class LoggedIn {
  @Shown()
  readonly user_id!: string;

  @Shown('goes into the header x-csrf-token of every request that changes something')
  readonly csrf_token!: string;
}

export class SessionState {
  @Shown()
  readonly logged_in!: boolean;

  @Shown('the session waits for its second factor: POST /api/auth/second-factor')
  readonly code_required!: boolean;

  @ShownOrNull()
  readonly csrf_token!: string | null;

  @ShownEnum(LANGUAGES, 'of the person, where the browser has a session', { nullable: true })
  readonly language!: Language | null;
}

export class LoginMethods {
  @ShownAlways(true)
  readonly password!: true;

  @Shown()
  readonly google!: boolean;
}

class GoogleIdentity {
  @Shown()
  readonly email!: string;
}

class SecondFactorState {
  @Shown()
  readonly enabled!: boolean;

  @Shown('a role needs it')
  readonly required!: boolean;

  @ShownInteger()
  readonly recovery_codes_left!: number;
}

export class BillingDetails {
  @Shown()
  readonly name!: string;

  @Shown('line by line', { type: String, isArray: true })
  readonly address!: readonly string[];

  @ShownOrNull('a tax number')
  readonly tax_id!: string | null;
}

@ApiExtraModels(GoogleIdentity, BillingDetails)
export class Me {
  @Shown()
  readonly user_id!: string;

  @Shown()
  readonly email!: string;

  @Shown()
  readonly email_verified!: boolean;

  @ShownEnum(ROLES, undefined, { isArray: true })
  readonly roles!: readonly Role[];

  @Shown()
  readonly account_id!: string;

  @ShownEnum(LANGUAGES, 'of emails and pages')
  readonly language!: Language;

  @Shown()
  readonly has_password!: boolean;

  @ShownObjectOrNull(GoogleIdentity)
  readonly google!: GoogleIdentity | null;

  @ShownObjectOrNull(BillingDetails, 'who invoices are made out to')
  readonly billing!: BillingDetails | null;

  @ShownObject(SecondFactorState)
  readonly second_factor!: SecondFactorState;

  @Shown()
  readonly csrf_token!: string;

  @ShownInstant('when the user registered', { format: 'date-time' })
  readonly created!: string;
}

export class Session {
  @Shown()
  readonly id!: string;

  @Shown()
  readonly client!: string;

  @Shown()
  readonly current!: boolean;

  @ShownInstant('when it was opened', { format: 'date-time' })
  readonly started!: string;

  @ShownInstant('when it was last used', { format: 'date-time' })
  readonly last_seen!: string;

  @ShownInstant('when it ends', { format: 'date-time' })
  readonly expires!: string;
}

export class TotpSetUp {
  @Shown('base32')
  readonly secret!: string;

  @Shown('for a QR code')
  readonly otpauth_url!: string;
}

export class RecoveryCodes {
  @Shown(undefined, { type: [String] })
  readonly recovery_codes!: readonly string[];
}

export class ConfirmedSecondFactor extends LoggedIn {
  @Shown(undefined, { type: [String] })
  readonly recovery_codes!: readonly string[];
}

export class GoogleStart {
  @Shown('where the browser goes next', { format: 'uri' })
  readonly url!: string;
}
