// Emails go out once each, whatever dies or is away in between.
import type { QueryBus } from '@nestjs/cqrs';
import { beforeEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../../test/support/identity/desk.js';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { DAY_MS, refuse, Refused, toInstant } from '../../kernel/index.js';
import { type Mail, Mailer, MailNotSent } from '../../platform/mail/index.js';
import type { EmailFacts } from './email-facts.js';
import { EmailSender } from './email-sender.js';
import { EmailWorker } from './email-worker.js';
import { emailRows } from './emails.projection.js';

/** Does what is asked of it, then notes the mail. */
class ListeningMailer extends Mailer {
  readonly sent: Mail[] = [];
  before: (mail: Mail) => void | Promise<void> = () => undefined;

  override async send(mail: Mail): Promise<void> {
    await this.before(mail);
    this.sent.push(mail);
  }
}

const dies = () => new Promise<never>(() => undefined);
const away = () => {
  throw new MailNotSent('the SMTP server did not take the message');
};
/** A person for each account but those that begin so. */
const people = {
  execute: async ({ by }: { by: { accountId: string } }) => {
    if (by.accountId.startsWith('gone'))
      throw new Refused(refuse('not_found', 'user_not_found', 'There is no such person.'));
    return { user: { email: `${by.accountId}@example.com` } };
  },
} as unknown as QueryBus;

let clock: SetClock;
let readModels: MemoryReadModelStore;
let documents: MemoryDocumentStore;
let mailer: ListeningMailer;
let position: number;
beforeEach(() => {
  clock = new SetClock();
  readModels = new MemoryReadModelStore();
  documents = new MemoryDocumentStore();
  mailer = new ListeningMailer();
  position = 0;
});

/** A gateway, as it is after its start. */
function gateway(known: object = { paid: '10.00 USD' }): EmailWorker {
  const facts = { of: async () => ({ refundWindowDays: 7, ...known }) } as unknown as EmailFacts;
  return new EmailWorker(readModels, documents, new EmailSender(documents, people, mailer, clock), facts, clock);
}

/** A purchase now, or so long ago. */
async function purchase(accountId = 'ada', agoMs = 0): Promise<void> {
  const id = `event-${++position}`;
  const at = toInstant(clock.time - agoMs);
  const data = { lotId: id, topupId: id, amount: '10.00', expiresAt: at, at };
  const doc = { letterId: id, accountId, at, event: { type: 'CreditPurchased', data } };
  await readModels.apply(emailRows.view, { rows: [{ id, position, doc }] });
}

const addressees = () => mailer.sent.map(({ to }) => to.replace('@example.com', ''));

describe('an email', () => {
  it('goes out once, as a message with an id of its own', async () => {
    const worker = gateway();
    await worker.look();
    await purchase();
    await worker.look();
    await worker.look();
    await gateway().look(); // after a restart
    expect(mailer.sent).toMatchObject([
      { to: 'ada@example.com', id: 'event-1', subject: 'Your balance was topped up' },
    ]);
  });

  it('is sent by one of many gateways', async () => {
    const gateways = [gateway(), gateway(), gateway()];
    await Promise.all(gateways.map((each) => each.look()));
    for (const account of ['ada', 'eve', 'fay']) await purchase(account);
    await Promise.all(gateways.map((each) => each.look()));
    await Promise.all(gateways.map((each) => each.look()));
    expect(addressees().toSorted()).toEqual(['ada', 'eve', 'fay']);
  });

  it('whose gateway died while it sent it is sent again by another, as the same message', async () => {
    await gateway().look();
    await purchase();
    mailer.before = dies;
    void gateway().look();
    await expect.poll(() => documents.find({ name: 'letters-1', unique: [], indexes: [] }, {})).toHaveLength(1);
    mailer.before = () => undefined;
    const other = gateway();
    await other.look();
    expect(mailer.sent).toEqual([]); // the first may be at it still
    clock.time += 121_000;
    await other.look();
    expect(mailer.sent).toMatchObject([{ id: 'event-1' }]);
  });

  it('that the mail server did not take is tried again for three days', async () => {
    const worker = gateway();
    await worker.look();
    await purchase('ada');
    mailer.before = away;
    await worker.look();
    clock.time += 2 * DAY_MS;
    await purchase('eve');
    await worker.look();
    clock.time += DAY_MS + 1;
    mailer.before = () => undefined;
    await worker.look();
    expect(addressees()).toEqual(['eve']);
  });

  it('that can’t be sent keeps no other waiting', async () => {
    const worker = gateway();
    await worker.look();
    for (const account of ['bad-1', 'bad-2', 'bad-3', 'bad-4', 'ada', 'eve']) await purchase(account);
    mailer.before = ({ to }) => (to.startsWith('bad') ? away() : undefined);
    for (let look = 0; look < 3; look++) await worker.look();
    expect(addressees()).toEqual(['ada', 'eve']);
  });

  it('goes to nobody where there is nobody, or nobody any more', async () => {
    const worker = gateway();
    await worker.look();
    await purchase('gone');
    await purchase('ada');
    await worker.look();
    expect(addressees()).toEqual(['ada']);
  });

  it('is not about what happened before emails began', async () => {
    await purchase('ada', 1_000);
    const worker = gateway();
    await worker.look();
    await purchase('eve');
    await worker.look();
    expect(addressees()).toEqual(['eve']);
  });

  it('waits a moment for what it says beyond its event, then goes without', async () => {
    const behind = gateway({});
    await behind.look();
    await purchase();
    await behind.look();
    expect(mailer.sent).toEqual([]);
    clock.time += 31_000;
    await behind.look();
    expect(mailer.sent).toHaveLength(1);
  });

  it('is found among many, also when it comes late', async () => {
    const worker = gateway();
    await worker.look();
    clock.time += DAY_MS;
    for (let n = 0; n < 450; n++) await purchase(`many-${n}`);
    await worker.look();
    expect(mailer.sent).toHaveLength(450);
    await purchase('late', DAY_MS / 2);
    await worker.look();
    clock.time += 600_000;
    await worker.look();
    expect(addressees().at(-1)).toBe('late');
  });
});
