import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Param,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Stored } from '../../src/platform/documents/index.js';
import { Access, ApiError, html, type Html, notFound, sendPage } from '../../src/platform/http/index.js';
import { isFromThisMachine, THIS_MACHINE_ONLY } from '../own-machine.js';
import { type KeptMail, SandboxMailbox } from './sandbox-mailbox.js';

class ThisMachineOnly implements CanActivate {
  /** Checks the connection itself: TRUST_PROXY must not affect the address. */
  canActivate(context: ExecutionContext): boolean {
    if (isFromThisMachine(context.switchToHttp().getRequest<FastifyRequest>().raw)) return true;
    const code = 'this_machine_only';
    throw new ApiError({ status: 403, type: 'permission_error', code, message: THIS_MACHINE_ONLY });
  }
}

/** The pages of the sandbox mailbox. They show everybody's mail, so only this machine may open them. */
@Controller('sandbox/mailbox')
@Access('anyone')
@UseGuards(ThisMachineOnly)
export class MailboxController {
  constructor(@Inject(SandboxMailbox) private readonly mailbox: SandboxMailbox) {}

  @Get()
  async list(@Res() reply: FastifyReply): Promise<void> {
    const mails = await this.mailbox.newest();
    const rows = mails.map(
      ({ id, doc }) => html`<li><a href="/sandbox/mailbox/${id}">${doc.subject}</a><br />${addressLine(doc)}</li>`,
    );
    const content =
      rows.length > 0
        ? html`<ul>
            ${rows}
          </ul>`
        : html`<p>No mail yet.</p>`;
    sendPage(reply, 'Sandbox mailbox', html`${NOTICE}${content}`);
  }

  /** The same for scripts. */
  @Get('messages.json')
  async json(): Promise<object> {
    const mails = await this.mailbox.newest();
    return { object: 'list', data: mails.map(messageObject), has_more: false, next_cursor: null };
  }

  @Get(':id')
  async show(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const mail = await this.mailbox.get(id);
    if (mail === undefined) throw notFound('mail_not_found', 'There is no such mail; only the newest are kept.');
    const { doc } = mail;
    const content = html`${NOTICE}
      <p class="hint">${addressLine(doc)}</p>
      ${paragraphs(doc.text)}
      <p><a href="/sandbox/mailbox">All mail</a></p>`;
    sendPage(reply, doc.subject, content);
  }
}

const NOTICE = html`<p class="hint">
  SANDBOX: no SMTP server is configured, so mail is shown here and sent to nobody.
</p>`;

const addressLine = ({ to, sentAt }: KeptMail): Html =>
  html`<span class="hint">to ${to}, ${sentAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' ')} UTC</span>`;

/** The paragraphs of a text, with clickable links. */
const paragraphs = (text: string): Html[] =>
  text.split(/\n{2,}/).map((paragraph) => html`<p>${paragraph.split(/(https?:\/\/\S+)/).map(linked)}</p>`);

const linked = (part: string): Html =>
  /^https?:\/\//.test(part) ? html`<a href="${part}">${part}</a>` : html`${part}`;

const messageObject = ({ id, doc: { to, subject, text, sentAt } }: Stored<KeptMail>) => ({
  id,
  to,
  subject,
  text,
  sent_at: sentAt,
});
