import { Injectable, Logger } from '@nestjs/common';
import { type Collection, DocumentStore } from '../../platform/documents/index.js';
import { ReadModelStore, type Row } from '../../event-store/index.js';
import { Clock, DAY_MS, fromInstant, type JsonObject, Seldom, toInstant } from '../../kernel/index.js';
import { EmailFacts } from './email-facts.js';
import { EmailSender } from './email-sender.js';
import { emailOf } from './emails.js';
import { type EmailRow, emailRows } from './emails.projection.js';

/** How long sending an email is tried. */
const SEND_WITHIN_MS = 3 * DAY_MS;
/** How long an email waits for facts from other read models, which may be a little behind. After that, it is sent without them. */
const FACTS_WITHIN_MS = 30_000;
const WHOLE_EVERY_MS = 600_000;
const LOG_EVERY_MS = 600_000;
const PAGE = 200;
const MOST_FAILURES = 3;

/** When this ledger began to send emails. Nobody gets an email about earlier events. */
const BEGAN: Collection<{ readonly at: string } & JsonObject> = { name: 'letters-began-1', unique: [], indexes: [] };

/**
 * Tells customers by email what happened to their money, whoever caused it: the customer, finance at the command line, or a bank. It follows
 * the events, not the requests, so a crash loses no email. Runs in every gateway; one of them sends each email.
 */
@Injectable()
export class EmailWorker {
  readonly #log = new Logger('emails');
  /** The finished emails, with the instants of their events. */
  readonly #settled = new Map<string, string>();
  /** The unfinished emails, oldest first; those that failed are at the end. */
  readonly #waiting = new Map<string, EmailRow>();
  #began: string | undefined;
  #wholeAt = 0;
  readonly #warnings = new Seldom(LOG_EVERY_MS);

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly documents: DocumentStore,
    private readonly sender: EmailSender,
    private readonly facts: EmailFacts,
    private readonly clock: Clock,
  ) {}

  /** Sends the emails that can be sent now; a signal ends it early. @throws ReadModelsUnavailable, DocumentsUnavailable */
  async look(signal?: AbortSignal): Promise<void> {
    await this.#find();
    let failures = 0;
    for (const [id, row] of Array.from(this.#waiting)) {
      // After so many failures it is the mail server that is down, not one address.
      if (failures === MOST_FAILURES || signal?.aborted) return;
      try {
        if (!(await this.#send(row))) continue;
        this.#waiting.delete(id);
        this.#settled.set(id, row.at ?? '');
      } catch (error) {
        failures++;
        this.#waiting.delete(id);
        this.#waiting.set(id, row);
        this.#warn(error);
      }
    }
  }

  /** Looks at the newest rows until it knows a whole page. Every ten minutes it looks at all rows, because a row may appear late. */
  async #find(): Promise<void> {
    const now = this.clock.now();
    const isWhole = now - this.#wholeAt >= WHOLE_EVERY_MS;
    const since = await this.#since(now, isWhole);
    const found: EmailRow[] = [];
    for (let after: Row | undefined; ;) {
      const query = { orderBy: 'at', descending: true, limit: PAGE, ...(after && { after }) };
      const page = await this.readModels.find(emailRows.view, query);
      const rows = page.map(({ doc }) => doc as EmailRow).filter(({ at = '' }) => at >= since);
      const fresh = rows.filter(({ letterId }) => !this.#settled.has(letterId) && !this.#waiting.has(letterId));
      found.push(...fresh);
      after = page.at(-1);
      if (rows.length < PAGE || (fresh.length === 0 && !isWhole)) break;
    }
    for (const row of found.toReversed()) this.#waiting.set(row.letterId, row);
    if (isWhole) this.#wholeAt = now;
  }

  /** The instant from which emails are sent. Older ones are forgotten, here and in the documents. */
  async #since(now: number, isWhole: boolean): Promise<string> {
    this.#began ??= await this.#begin(now);
    const oldest = toInstant(now - SEND_WITHIN_MS);
    if (isWhole) await this.sender.forgetBefore(toInstant(now - 2 * SEND_WITHIN_MS));
    for (const [id, at] of this.#settled) if (at < oldest) this.#settled.delete(id);
    for (const [id, { at = '' }] of this.#waiting) if (at < oldest) this.#waiting.delete(id);
    return this.#began > oldest ? this.#began : oldest;
  }

  async #begin(now: number): Promise<string> {
    const at = toInstant(now);
    const before = await this.documents.get(BEGAN, 'began');
    if (before !== undefined || (await this.documents.insert(BEGAN, 'began', { at }))) return before?.doc.at ?? at;
    return this.#begin(now); // another gateway was first
  }

  /** Whether the email is finished. */
  async #send(row: EmailRow): Promise<boolean> {
    const { letterId, at = '' } = row;
    const facts = await this.facts.of(row);
    const { accountId = facts.accountId } = row;
    const isEarly = this.clock.now() - fromInstant(at) < FACTS_WITHIN_MS;
    const isOfTopup = 'lotId' in row.event.data || row.topupId !== undefined;
    if (isOfTopup && facts.paid === undefined && isEarly) return false;
    const english = emailOf(row, facts, 'en');
    if (english === undefined || accountId === undefined) return true;
    return this.sender.send(letterId, accountId, (language) => emailOf(row, facts, language) ?? english);
  }

  /** Logs seldom, because a mail server that is down affects all emails. */
  #warn(error: unknown): void {
    if (!this.#warnings.isDue()) return;
    const many = `${this.#waiting.size} ${this.#waiting.size === 1 ? 'email waits' : 'emails wait'}`;
    this.#log.warn(`an email could not be sent; ${many}, and each is tried again for three days: ${String(error)}`);
  }
}
