import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Collection, DocumentStore } from '../documents/index.js';
import { ReadModelStore } from '../event-store/index.js';
import { GetPerson } from '../identity/index.js';
import { Clock, DAY_MS, Refused, toInstant } from '../kernel/index.js';
import { type Mail, Mailer } from '../mail/index.js';
import { type RefundRow, refundRows } from './refunds.projection.js';

const LOOK_EVERY_MS = 5_000;
/** A mail that could not be sent for so long is not sent any more. */
const TOLD_WITHIN_MS = 3 * DAY_MS;
const PAGE = 200;

/** The refunds whose customer was told. */
const TOLD: Collection = { name: 'refund-letters-1', unique: [], indexes: [] };

/**
 * Tells customers that a refund was declined, and why: whoever declined it, in a gateway or at the command line. Runs in every gateway; of
 * several, one sends each letter.
 */
@Injectable()
export class RefundLetters implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('refunds');
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly documents: DocumentStore,
    private readonly queries: QueryBus,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects: what could not be told now is told at the next look. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const query = { where: { failure: 'declined' }, orderBy: 'changedAt', descending: true, limit: PAGE };
      const since = toInstant(this.clock.now() - TOLD_WITHIN_MS);
      const newest = await this.readModels.find(refundRows.view, query);
      for (const { doc } of newest.toReversed()) {
        const row = doc as RefundRow;
        // Those before this was an event's to say were never told of.
        if (row.changedAt >= since && row.declinedBy !== undefined) await this.#tell(row);
      }
    } catch (error) {
      this.#log.error(`telling of declined refunds failed; it runs again: ${String(error)}`);
    } finally {
      this.#looking = false;
    }
  }

  async #tell({ refundId, accountId, credit, failureReason }: RefundRow): Promise<void> {
    if ((await this.documents.get(TOLD, refundId)) !== undefined) return;
    const email = await this.#addressOf(accountId);
    if (!(await this.documents.insert(TOLD, refundId, {}))) return; // another gateway tells
    if (email === undefined) return;
    try {
      await this.mailer.send({ to: email, ...declinedRefundLetter(credit, failureReason ?? '') });
    } catch (error) {
      await this.documents.remove(TOLD, { where: { id: refundId } });
      throw error;
    }
  }

  /** Undefined for an account of nobody, or of somebody who is gone. */
  async #addressOf(accountId: string): Promise<string | undefined> {
    try {
      return (await this.queries.execute(new GetPerson({ accountId }))).user.email;
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }
}

const declinedRefundLetter = (credit: string, reason: string): Omit<Mail, 'to'> => ({
  subject: 'Your refund was declined',
  text: [
    `You asked for $${credit} of your token-hub credit back. This was declined:`,
    reason,
    'The credit is on your balance again, and you can go on using it.',
    '-- \nThis mail was sent by token-hub. Nobody reads the answers to it.\n',
  ].join('\n\n'),
});
