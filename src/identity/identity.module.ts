import { Module } from '@nestjs/common';
import { PlatformModule } from '../platform/index.js';
import { AuthController } from './registration/auth.controller.js';
import { Background } from './background.js';
import { EmailChange } from './people/email-change.js';
import { GoogleController } from './google/google.controller.js';
import { GoogleLogins } from './google/google-logins.js';
import { LoginPagesController } from './pages/login-pages.controller.js';
import { Logins } from './sessions/logins.js';
import { MailTokens } from './registration/mail-tokens.js';
import { MeController } from './people/me.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { Passwords } from './passwords/passwords.js';
import { PeopleModule } from './people/people.module.js';
import { PeopleSweeper } from './people/people-sweeper.js';
import { PersonalData } from './people/personal-data.js';
import { Post } from './mails/post.js';
import { Registration } from './registration/registration.js';
import { Sealer } from './second-factor/sealer.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { SecondFactor } from './second-factor/second-factor.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { AccessModule } from '../platform/http/index.js';
import { Throttle } from './throttle.js';

/** Users: registering, logging in, and their own data. */
@Module({
  imports: [AccessModule, PeopleModule, PlatformModule],
  controllers: [
    AuthController,
    SessionsController,
    MeController,
    SecondFactorController,
    GoogleController,
    PagesController,
    LoginPagesController,
  ],
  providers: [
    Background,
    EmailChange,
    GoogleLogins,
    Logins,
    Passwords,
    PeopleSweeper,
    PersonalData,
    Post,
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
