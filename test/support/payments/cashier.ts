// What customers and finance do about payments, and what the books of their gateway then say.
import { randomUUID } from 'node:crypto';
import { formatUsd, type JsonObject } from '../../../src/kernel/index.js';
import { Accounts, addPostings, posted, type Totals, trialBalance } from '../../../src/ledger/index.js';
import { verify } from '../../../src/operations/index.js';
import { postingsOf } from '../../../src/books/booked-streams.js';
import { EventStore, ReadModelStore, START } from '../../../src/event-store/index.js';
import { PaymentProvider, Topups, topupStream } from '../../../src/payments/index.js';
import type { Mail } from '../../../src/platform/mail/index.js';
import { EmailWorker } from '../../../src/payments/emails/email-worker.js';
import type { TestGateway } from '../gateway/gateway.js';
import { mailsTo } from '../gateway/mailbox.js';
import { dataOf, type Reply, type TestPerson } from '../gateway/person.js';
import { until } from '../gateway/until.js';

const ALL = 1_000_000;

/** Sends a request that moves money. */
export const pay = (
  person: TestPerson,
  path: string,
  body: JsonObject = {},
  key: string = randomUUID(),
): Promise<Reply> => person.post(path, body, { 'idempotency-key': key });

export interface Ordered {
  readonly id: string;
  readonly sessionId: string;
}

/** Orders credit; its checkout is open. */
export async function order(person: TestPerson, amount = '10.00', currency = 'usd'): Promise<Ordered> {
  const { status, body, text } = await pay(person, '/api/topups', { amount, currency });
  if (status !== 201) throw new Error(`not ordered: ${text}`);
  const sessionId = String(body['checkout_url']).split('/').at(-1)?.split('#')[0] ?? '';
  return { id: String(body['id']), sessionId };
}

export const topupOf = async (person: TestPerson, id: string): Promise<JsonObject> =>
  (await person.get(`/api/topups/${id}`)).body;

/** Waits until a top-up stands so. */
export const topupIs = (person: TestPerson, id: string, status: string): Promise<unknown> =>
  until(`top-up ${status}`, async () => (await topupOf(person, id))['status'] === status);

/** Buys credit: paid, and on the account. */
export async function buy(
  gateway: TestGateway,
  person: TestPerson,
  amount = '10.00',
  currency = 'usd',
): Promise<Ordered> {
  const ordered = await order(person, amount, currency);
  gateway.stripe.pay(ordered.sessionId);
  await topupIs(person, ordered.id, 'paid');
  return ordered;
}

/** The first `count` emails with this subject, out of one answer of the mailbox; no one has to wait for them. */
export const emailsTo = (
  gateway: TestGateway,
  { email }: TestPerson,
  subject: string,
  count: number,
): Promise<readonly Mail[]> =>
  until(`${count} emails "${subject}"`, async () => {
    await Promise.all(gateway.apps.map((app) => app.get(EmailWorker).look()));
    const mails = (await mailsTo(gateway, email)).filter((mail) => mail.subject === subject);
    return mails.length < count ? undefined : mails.slice(0, count);
  });

/** The `nth` email with this subject. */
export async function emailTo(gateway: TestGateway, person: TestPerson, subject: string, nth = 1): Promise<Mail> {
  const mail = (await emailsTo(gateway, person, subject, nth)).at(-1);
  if (mail === undefined) throw new Error('emails are counted from 1');
  return mail;
}

/** An object, or a list, of the sandbox Stripe. */
export async function atStripe({ stripe }: TestGateway, path: string): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${stripe.secretKey}` };
  return (await (await fetch(`${stripe.url}/v1/${path}`, { headers })).json()) as JsonObject;
}

/** The payment intent of a top-up that is paid. */
export const intentOf = async (gateway: TestGateway, { sessionId }: Pick<Ordered, 'sessionId'>): Promise<string> =>
  String((await atStripe(gateway, `checkout/sessions/${sessionId}`))['payment_intent']);

/** The refunds that Stripe made of a top-up, newest first. */
export const refundsAtStripe = async (gateway: TestGateway, bought: Pick<Ordered, 'sessionId'>) =>
  (await atStripe(gateway, `refunds?payment_intent=${await intentOf(gateway, bought)}`))['data'] as {
    id: string;
    status: string;
  }[];

/** The first thing of a list. */
export function firstOf(reply: Reply): JsonObject {
  const [first] = dataOf(reply);
  if (first === undefined) throw new Error(`there is nothing in ${reply.text}`);
  return first;
}

/** Waits until a refund stands so. */
export const refundIs = (person: TestPerson, id: string, status: string): Promise<unknown> =>
  until(`refund ${status}`, async () => (await person.get(`/api/refunds/${id}`)).body['status'] === status);

export async function balanceOf({ app }: TestGateway, accountId: string): Promise<string> {
  return formatUsd(await app.get(Accounts).read(accountId, posted, { fresh: true }));
}

/** The trial balance of the whole ledger: account to balance, in USD. */
export async function booksOf({ app }: TestGateway): Promise<Readonly<Record<string, string>>> {
  const totals: Totals = new Map();
  for (const event of await app.get(EventStore).readAll(START, ALL)) {
    addPostings(totals, postingsOf(event));
  }
  return Object.fromEntries(trialBalance(totals).map(({ account, balance }) => [account, balance]));
}

/** What verification finds wrong with the ledger. */
export const faultsOf = async ({ app }: TestGateway): Promise<readonly string[]> =>
  (await verify(app.get(EventStore), app.get(ReadModelStore))).faults;

/** How often an event of this type is in the ledger, or in the stream of a top-up. */
export async function countOf({ app }: TestGateway, type: string, topupId?: string): Promise<number> {
  const events = await app.get(EventStore).readAll(START, ALL);
  const isOf = (stream: string): boolean => topupId === undefined || stream === topupStream(topupId);
  return events.filter((event) => event.type === type && isOf(event.stream)).length;
}

/** Notes a payment on its top-up and nothing more, as a process that dies right after does. */
export async function noteAsPaid({ app }: TestGateway, topupId: string): Promise<void> {
  const topups = app.get(Topups);
  const sessionId = await topups.read(topupId, (state) => state.sessionId ?? '');
  const payment = await app.get(PaymentProvider).payment({ sessionId });
  if (payment === undefined) throw new Error('nothing was paid');
  const { status, orderId, paymentIntentId, amountMinor, currency } = payment;
  const report = { status, orderId, paymentIntentId, amountMinor, currency };
  const commandId = `${paymentIntentId}/${status}`;
  await topups.execute(topupId, { type: 'ReportPayment', commandId, at: Date.now(), ...report });
}
