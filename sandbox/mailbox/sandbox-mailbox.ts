// The sandbox mailbox takes mail while no SMTP server is configured and sends it to nobody. Read it at
// /sandbox/mailbox.
import type { Collection, DocumentStore, Stored } from '../../src/platform/documents/index.js';
import { type Clock, type JsonObject, newId, toInstant } from '../../src/kernel/index.js';
import { checkHeaders, type Mail, Mailer } from '../../src/platform/mail/index.js';

export interface KeptMail extends JsonObject {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: string;
}

const MAILS: Collection<KeptMail> = { name: 'sandbox-mails-1', unique: [], indexes: ['sentAt', 'to'] };
/** Older messages are deleted. */
const KEPT = 200;
const LINK = /https?:\/\/\S+/;

/** Keeps the newest messages in the same store as the users, so that every gateway shows them. */
export class SandboxMailbox extends Mailer {
  constructor(
    private readonly documents: DocumentStore,
    private readonly clock: Clock,
    /** Called for each message, with its first link. */
    private readonly onMail: (to: string, link: string | undefined) => void = () => undefined,
  ) {
    super();
  }

  override async send(mail: Mail): Promise<void> {
    checkHeaders(mail);
    const { to, subject, text, id = newId() } = mail;
    const kept = { to, subject, text, sentAt: toInstant(this.clock.now()) };
    if (!(await this.documents.insert(MAILS, id, kept))) return; // A repeated send shows up once.
    this.onMail(to, LINK.exec(text)?.[0]);
    const oldest = (await this.#newest(KEPT + 1)).at(KEPT);
    if (oldest !== undefined) await this.documents.remove(MAILS, { where: { id: oldest.id } });
  }

  /** Newest first. */
  newest(): Promise<readonly Stored<KeptMail>[]> {
    return this.#newest(KEPT);
  }

  get(id: string): Promise<Stored<KeptMail> | undefined> {
    return this.documents.get(MAILS, id);
  }

  #newest(limit: number): Promise<readonly Stored<KeptMail>[]> {
    return this.documents.find(MAILS, { orderBy: 'sentAt', descending: true, limit });
  }
}
