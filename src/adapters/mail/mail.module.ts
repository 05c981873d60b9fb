// Who carries mail, and where its links lead.
import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Config } from '../../config.js';
import { DocumentStore } from '../../documents/index.js';
import { Clock } from '../../kernel/index.js';
import { Mailer, PublicUrl } from '../../mail/index.js';
import { MailboxController, SandboxMailbox } from '../../sandbox/mailbox/index.js';
import { ListeningUrl } from './listening-url.js';
import { SmtpMailer } from './smtp-mailer.js';

@Global()
@Module({})
export class MailModule implements OnApplicationShutdown {
  constructor(@Inject(Mailer) private readonly mailer: Mailer) {}

  static with(config: Config): DynamicModule {
    const { SMTP_URL: url, MAIL_FROM: from } = config;
    const publicUrl = {
      provide: PublicUrl,
      useFactory: (host: HttpAdapterHost) => new ListeningUrl(config, host),
      inject: [HttpAdapterHost],
    };
    if (url !== undefined) {
      const smtp = { provide: Mailer, useFactory: () => new SmtpMailer(url, from) };
      return { module: MailModule, providers: [publicUrl, smtp], exports: [Mailer, PublicUrl] };
    }
    const mailbox = { provide: SandboxMailbox, useFactory: openMailbox, inject: [DocumentStore, Clock] };
    const mailer = { provide: Mailer, useExisting: SandboxMailbox };
    return {
      module: MailModule,
      controllers: [MailboxController],
      providers: [publicUrl, mailbox, mailer],
      exports: [Mailer, PublicUrl],
    };
  }

  onApplicationShutdown(): void {
    if (this.mailer instanceof SmtpMailer) this.mailer.close();
  }
}

function openMailbox(documents: DocumentStore, clock: Clock): SandboxMailbox {
  const log = new Logger('SANDBOX mailbox');
  return new SandboxMailbox(documents, clock, (to, link) =>
    log.log(`mail to ${to}${link === undefined ? '' : `: ${link}`}`),
  );
}
