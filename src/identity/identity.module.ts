import { Module } from '@nestjs/common';
import { PlatformModule } from '../platform/index.js';
import { AuthController } from './registration/auth.controller.js';
import { Background } from './defences/background.js';
import { EmailChange } from './me/email-change.js';
import { GoogleController } from './google/google.controller.js';
import { GoogleLogins } from './google/google-logins.js';
import { Logins } from './login/logins.js';
import { MailTokens } from './emails/mail-tokens.js';
import { MeController } from './me/me.controller.js';
import { People } from './staff/people.js';
import { PeopleController } from './staff/people.controller.js';
import { Passwords } from './me/passwords.js';
import { UsersModule } from './staff/users.module.js';
import { ExpirySweeper } from './registration/expiry-sweeper.js';
import { PersonalData } from './me/personal-data.js';
import { EmailSender } from './emails/email-sender.js';
import { Registration } from './registration/registration.js';
import { Sealer } from './second-factor/sealer.js';
import { SecondFactorController } from './me/second-factor.controller.js';
import { SecondFactor } from './second-factor/second-factor.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { SessionsController } from './login/sessions.controller.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { AccessModule } from '../platform/http/index.js';
import { Throttle } from './defences/throttle.js';

/** Users: registering, logging in, and their own data. */
@Module({
  imports: [AccessModule, UsersModule, PlatformModule],
  controllers: [
    AuthController,
    SessionsController,
    MeController,
    SecondFactorController,
    GoogleController,
    PeopleController,
  ],
  providers: [
    Background,
    EmailChange,
    GoogleLogins,
    Logins,
    Passwords,
    ExpirySweeper,
    People,
    PersonalData,
    EmailSender,
    Registration,
    Sealer,
    SecondFactor,
    SessionCookie,
    Throttle,
    MailTokens,
    SessionStrategy,
  ],
})
export class IdentityModule {}
