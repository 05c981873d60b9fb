import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListStaff } from '../../identity/index.js';
import { EmailSender } from '../../payments/index.js';
import type { Alarm } from './alarm.js';

/** Mails an alarm to everyone with the role finance, each once by its id, whichever gateway tries. */
@Injectable()
export class FinanceMail {
  constructor(
    private readonly queries: QueryBus,
    private readonly emails: EmailSender,
  ) {}

  /** Whether nobody is left to tell. One address that fails keeps no other waiting. @throws MailNotSent, DocumentsUnavailable */
  async tell({ id, email }: Alarm): Promise<boolean> {
    const staff = await this.queries.execute(new ListStaff('finance'));
    const sent = await Promise.allSettled(
      staff.map(({ userId, user: { accountId } }) => this.emails.send(`${id}-${userId}`, accountId, email)),
    );
    const failed = sent.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return sent.every((each) => each.status === 'fulfilled' && each.value);
  }
}
