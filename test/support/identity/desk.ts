// The parts of identity over a store in memory, with a clock that a test sets.
import type { CommandBus } from '@nestjs/cqrs';
import { pino } from 'pino';
import { MemoryDocumentStore } from '../../../src/adapters/memory/memory-document-store.js';
import { MemoryRateLimitStore } from '../../../src/adapters/memory/memory-rate-limit-store.js';
import { Background } from '../../../src/identity/defences/background.js';
import { EmailChange } from '../../../src/identity/me/email-change.js';
import { Logins } from '../../../src/identity/login/logins.js';
import { MailTokens } from '../../../src/identity/emails/mail-tokens.js';
import { Passwords } from '../../../src/identity/me/passwords.js';
import { ExpirySweeper } from '../../../src/identity/registration/expiry-sweeper.js';
import { EmailSender } from '../../../src/identity/emails/email-sender.js';
import { Registration } from '../../../src/identity/registration/registration.js';
import { Sealer } from '../../../src/identity/second-factor/sealer.js';
import { SecondFactor } from '../../../src/identity/second-factor/second-factor.js';
import { SessionStrategy } from '../../../src/identity/sessions/session.strategy.js';
import { Sessions } from '../../../src/identity/sessions/sessions.js';
import { Throttle } from '../../../src/identity/defences/throttle.js';
import type { Person } from '../../../src/identity/users/user.js';
import { Users } from '../../../src/identity/users/users.js';
import { Clock, Refused } from '../../../src/kernel/index.js';
import { OpenAccount } from '../../../src/ledger/index.js';
import { Authenticator } from '../../../src/platform/http/index.js';
import { PeriodicWorkers } from '../../../src/platform/index.js';
import { type Mail, Mailer, PublicUrl } from '../../../src/platform/mail/index.js';

export const IP = '192.0.2.1';
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export class SetClock extends Clock {
  time = Date.parse('2026-03-04T12:00:00Z');

  override now(): number {
    return this.time;
  }
}

class Letterbox extends Mailer {
  readonly mails: Mail[] = [];

  override async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }
}

class TestUrl extends PublicUrl {
  override link(path: string): string {
    return `https://tokens.example${path}`;
  }
}

/** What refused, by its code. */
export const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing refused',
    (error: unknown) => {
      if (error instanceof Refused) return error.rejection.code;
      throw error;
    },
  );

export class IdentityDesk {
  readonly clock = new SetClock();
  readonly documents = new MemoryDocumentStore();
  readonly accounts = new Set<string>();
  readonly #letterbox = new Letterbox();
  readonly #logger = pino({ level: 'silent' });
  readonly background = new Background(this.#logger);
  readonly users = new Users(this.documents);
  readonly sessions = new Sessions(this.documents, this.users, this.clock);
  readonly session = new SessionStrategy(this.sessions, new Authenticator());
  readonly tokens = new MailTokens(this.documents, this.clock);
  readonly emails = new EmailSender(this.#letterbox, new TestUrl(), this.background);
  readonly throttle = new Throttle(new MemoryRateLimitStore(), { LOGIN_ATTEMPTS_PER_ADDRESS: 1_000 });
  readonly sealer = new Sealer({ NODE_ENV: 'test', PEOPLE_SECRET: undefined });
  readonly secondFactor = new SecondFactor(this.users, this.sealer, this.throttle, this.emails, this.clock);
  readonly logins = new Logins(
    this.users,
    this.sessions,
    this.secondFactor,
    this.throttle,
    this.background,
    this.#commands(),
    this.clock,
  );
  readonly passwords = new Passwords(
    this.users,
    this.tokens,
    this.sessions,
    this.logins,
    this.emails,
    this.background,
    this.throttle,
  );
  readonly emailChange = new EmailChange(
    this.users,
    this.tokens,
    this.logins,
    this.emails,
    this.background,
    this.throttle,
  );
  readonly sweeper = new ExpirySweeper(
    this.users,
    this.sessions,
    this.tokens,
    this.clock,
    new PeriodicWorkers(this.#logger),
  );
  readonly registration = new Registration(
    this.users,
    this.tokens,
    this.emails,
    this.background,
    this.throttle,
    this.#commands(),
    this.clock,
  );

  /** All mails to an address, when all that goes on has ended. */
  async mailsTo(email: string): Promise<readonly Mail[]> {
    await this.background.beforeApplicationShutdown();
    return this.#letterbox.mails.filter(({ to }) => to === email);
  }

  /** The secrets of all links that were mailed to an address. */
  async secretsTo(email: string): Promise<readonly string[]> {
    const mails = await this.mailsTo(email);
    return mails.flatMap(({ text }) => /\?token=([\w-]{43})/.exec(text)?.[1] ?? []);
  }

  async newestSecretTo(email: string): Promise<string> {
    return (await this.secretsTo(email)).at(-1) ?? '';
  }

  /** Someone verified. */
  async person(email = 'ada@example.com', password = 'correct horse battery'): Promise<Person> {
    await this.registration.begin({ email, password }, IP);
    return this.registration.verify(await this.newestSecretTo(email), IP);
  }

  /** The ledger's part: remembers which accounts were opened. */
  #commands(): CommandBus {
    const execute = async (command: unknown): Promise<void> => {
      if (command instanceof OpenAccount && command.accountId !== undefined) this.accounts.add(command.accountId);
    };
    return { execute } as CommandBus;
  }
}
