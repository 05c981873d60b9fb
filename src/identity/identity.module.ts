import { Global, Module } from '@nestjs/common';
import { OperationsModule } from '../operations/index.js';
import { AccessGuard } from './access.js';
import { AuthController } from './auth.controller.js';
import { Background } from './background.js';
import { EmailChange } from './email-change.js';
import { GoogleController } from './google.controller.js';
import { GoogleLogins } from './google-logins.js';
import { LoginPagesController } from './login-pages.controller.js';
import { Logins } from './logins.js';
import { MailTokens } from './mail-tokens.js';
import { MeController } from './me.controller.js';
import { PagesController } from './pages.controller.js';
import { Passwords } from './passwords.js';
import { PeopleModule } from './people.module.js';
import { PeopleSweeper } from './people-sweeper.js';
import { PersonalData } from './personal-data.js';
import { Post } from './post.js';
import { Registration } from './registration.js';
import { Sealer } from './sealer.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactor } from './second-factor.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.js';
import { StoredSessions } from './stored-sessions.js';
import { Throttle } from './throttle.js';

/** People: registering, logging in, and their own data. Its guard is for every controller of /api. */
@Global()
@Module({
  imports: [PeopleModule, OperationsModule],
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
    AccessGuard,
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
    { provide: Sessions, useExisting: StoredSessions },
  ],
  exports: [AccessGuard, Sessions],
})
export class IdentityModule {}
