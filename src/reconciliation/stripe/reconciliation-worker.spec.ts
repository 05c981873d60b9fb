import type { QueryBus } from '@nestjs/cqrs';
import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { DAY, MadeUpStatement, ReconciliationDesk } from '../../../test/support/reconciliation/desk.js';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { WaitFor } from '../../event-store/index.js';
import { ListStaff } from '../../identity/index.js';
import { DAY_MS } from '../../kernel/index.js';
import { EmailSender, PaymentProviderRefused, PaymentProviderUnavailable } from '../../payments/index.js';
import { Metrics, PeriodicWorkers } from '../../platform/index.js';
import { type Mail, Mailer, MailNotSent } from '../../platform/mail/index.js';
import { FinanceMail } from './finance-mail.js';
import { reconciliationDays } from './items.projection.js';
import { ReconciliationWorker } from './reconciliation-worker.js';
import type { StripeTransaction } from './stripe-balance.js';

const HOUR_MS = 3_600_000;

/** Brings the views up to date, as a gateway does all the time. */
class Projecting extends WaitFor {
  constructor(private readonly desk: ReconciliationDesk) {
    super(desk.store, desk.readModels);
  }
  override head = (): Promise<void> => this.desk.project();
}

class ListeningMailer extends Mailer {
  readonly sent: Mail[] = [];
  isAway = false;
  override async send(mail: Mail): Promise<void> {
    if (this.isAway) throw new MailNotSent('the SMTP server is away');
    this.sent.push(mail);
  }
}

/** Fay and Finn are of finance. */
const people = {
  execute: async (query: ListStaff | { by: { accountId: string } }) =>
    query instanceof ListStaff
      ? ['fay', 'finn'].map((userId) => ({ userId, user: { accountId: userId } }))
      : { user: { email: `${query.by.accountId}@example.com` } },
} as unknown as QueryBus;

let desk: ReconciliationDesk;
let mailer: ListeningMailer;
let documents: MemoryDocumentStore;
let statement: MadeUpStatement;
let metrics: Metrics;

const foreign = (id: string): StripeTransaction => ({
  balanceTransactionId: id,
  createdAt: DAY + HOUR_MS,
  category: 'charge',
  currency: 'usd',
  amountMinor: 5_000,
  feeMinor: 175,
});

beforeEach(() => {
  [desk, mailer, documents, metrics] = [
    new ReconciliationDesk(),
    new ListeningMailer(),
    new MemoryDocumentStore(),
    new Metrics(),
  ];
  statement = new MadeUpStatement([foreign('txn_a')], () => desk.clock.now());
});

/** A gateway, as it is after its start. */
function gateway(of = metrics): ReconciliationWorker {
  const workers = new PeriodicWorkers(pino({ level: 'silent' }));
  const mail = new FinanceMail(people, new EmailSender(documents, people, mailer, desk.clock));
  const parts = [desk.readModels, new Projecting(desk), desk.reconciler, statement, mail, desk.clock] as const;
  return new ReconciliationWorker(workers, ...parts, of);
}

const subjects = () => mailer.sent.map(({ to, subject }) => `${to.replace('@example.com', '')}: ${subject}`);
const toBoth = (subject: string) => [`fay: ${subject}`, `finn: ${subject}`];
const DIFFER = 'Stripe and the ledger do not agree';

it('compares each day once it is over, catches up, and counts what is open', async () => {
  const worker = gateway();
  const days = async () =>
    (await desk.readModels.find(reconciliationDays.view, { orderBy: 'day' })).map(({ id }) => id);

  await worker.look();
  expect(await days()).toEqual(['2026-03-02']);
  expect(await metrics.registry.metrics()).toContain('tokenhub_unreconciled_transactions{status="theirs_only"} 1');
  desk.clock.at += 2 * DAY_MS;
  await worker.look();
  expect(await days()).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);

  await desk.close('txn_a', 'foreign_payment');
  const head = await desk.store.head();
  await worker.look();
  expect(await desk.store.head()).toBe(head);
  expect(await metrics.registry.metrics()).toContain('tokenhub_unreconciled_transactions{status="theirs_only"} 0');
});

it('mails finance what differs, once a day for the same differences, from one of many gateways', async () => {
  const gateways = [gateway(), gateway(new Metrics()), gateway(new Metrics())];
  for (const each of gateways) await each.look();
  desk.clock.at += HOUR_MS;
  for (const each of gateways) await each.look();
  expect(subjects()).toEqual(toBoth(DIFFER));
  expect(mailer.sent[0]?.text).toContain('After the comparison of 2026-03-02 (UTC)');
  expect(mailer.sent[0]?.text).toContain('txn_a  theirs_only  2026-03-02 (1 day)  48.25 USD');
  await gateway(new Metrics()).look(); // after a restart
  expect(mailer.sent).toHaveLength(2);

  statement.all.push(foreign('txn_b'));
  await gateways[1]?.look();
  expect(subjects()).toEqual([...toBoth(DIFFER), ...toBoth(DIFFER)]);
  desk.clock.at += DAY_MS;
  await gateways[2]?.look();
  expect(mailer.sent).toHaveLength(6);

  for (const item of ['txn_a', 'txn_b']) await desk.close(item, 'write_off');
  desk.clock.at += DAY_MS;
  await gateways[0]?.look();
  expect(mailer.sent).toHaveLength(6);
});

it('mails nothing about what may still come', async () => {
  desk.clock.at = DAY + DAY_MS + HOUR_MS / 2;
  statement.all.splice(0, 1, { ...foreign('txn_a'), createdAt: DAY + DAY_MS - HOUR_MS });
  await gateway().look();
  expect(mailer.sent).toEqual([]);
});

it('mails a difference that no open item explains', async () => {
  const unseen = { ...foreign('txn_a'), createdAt: DAY - 40 * DAY_MS };
  statement.all.splice(0, 1, unseen);
  await gateway().look();
  expect(mailer.sent[0]?.text).toContain('a difference of 48.25 USD that no open item explains');
});

it('tries again when the mail server was away', async () => {
  const worker = gateway();
  mailer.isAway = true;
  await worker.look();
  mailer.isAway = false;
  desk.clock.at += HOUR_MS;
  await worker.look();
  expect(subjects()).toEqual(toBoth(DIFFER));
});

it.each([
  ['in two turns', [new PaymentProviderUnavailable('no answer'), new PaymentProviderUnavailable('no answer')]],
  ['as Stripe refuses', [new PaymentProviderRefused('The key may not read balance transactions')]],
])('mails once a day that it can’t run, %s', async (_, faults) => {
  const worker = gateway();
  const works = statement.anchor.bind(statement);
  for (const fault of faults) {
    expect(mailer.sent).toEqual([]);
    statement.anchor = () => Promise.reject(fault);
    await expect(worker.look()).rejects.toBe(fault);
  }
  await expect(worker.look()).rejects.toThrow(faults[0]?.message ?? '');
  expect(subjects()).toEqual(toBoth('Stripe could not be compared with the ledger'));
  expect(mailer.sent[0]?.text).toContain(`The reason given was: ${faults[0]?.detail}.`);
  statement.anchor = works;
  await worker.look();
  expect(subjects().slice(2)).toEqual(toBoth(DIFFER));
});
