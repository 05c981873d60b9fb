// How mail is sent, and where its links lead.
import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../platform/config.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { Clock } from '../../kernel/index.js';
import { Mailer, PublicUrl } from '../../platform/mail/index.js';
import { loadSandbox } from '../sandboxes/load-sandbox.js';
import { ListeningUrl } from './listening-url.js';

@Global()
@Module({})
export class MailModule implements OnApplicationShutdown {
  constructor(@Inject(Mailer) private readonly mailer: Mailer) {}

  static async with(config: Config): Promise<DynamicModule> {
    const { SMTP_URL: url, MAIL_FROM: from } = config;
    const publicUrl = { provide: PublicUrl, useClass: ListeningUrl };
    if (url !== undefined) {
      const { SmtpMailer } = await import('./smtp-mailer.js');
      const smtp = { provide: Mailer, useValue: new SmtpMailer(url, from) };
      return { module: MailModule, providers: [publicUrl, smtp], exports: [Mailer, PublicUrl] };
    }
    const { MailboxController, SandboxMailbox } = await loadSandbox(() => import('../../../sandbox/mailbox/index.js'));
    const mailbox = {
      provide: SandboxMailbox,
      useFactory: (documents: DocumentStore, clock: Clock) => new SandboxMailbox(documents, clock, logMail),
      inject: [DocumentStore, Clock],
    };
    const mailer = { provide: Mailer, useExisting: SandboxMailbox };
    return {
      module: MailModule,
      controllers: [MailboxController],
      providers: [publicUrl, mailbox, mailer],
      exports: [Mailer, PublicUrl],
    };
  }

  onApplicationShutdown(): void {
    this.mailer.close();
  }
}

function logMail(to: string, link: string | undefined): void {
  new Logger('SANDBOX mailbox').log(`mail to ${to}${link === undefined ? '' : `: ${link}`}`);
}
