import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { RecordedEvent } from '../../src/event-store/index.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { bookedStreamOf } from '../../src/books/index.js';
import { booksEventSchemas, BOOKS_STREAM, readBooksEvent } from '../../src/books/close/books.events.js';
import { accountStreams, type BookedStream } from '../../src/ledger/booked-stream.js';
import { imbalances } from '../../src/ledger/books.js';
import { accountEventSchemas, readAccountEvent } from '../../src/ledger/account.events.js';
import {
  automaticTopupEventSchemas,
  readAutomaticTopupEvent,
} from '../../src/payments/automatic/automatic-topup.events.js';
import { balanceAlertEventSchemas, readBalanceAlertEvent } from '../../src/payments/alerts/balance-alert.events.js';
import { invoiceEventSchemas, readInvoiceEvent } from '../../src/payments/invoices/invoice.events.js';
import {
  automaticTopupStreams,
  balanceAlertStreams,
  invoiceStreams,
  payoutStreams,
  topupStreams,
} from '../../src/payments/booked-streams.js';
import { payoutEventSchemas, readPayoutEvent } from '../../src/payments/payouts/payout.js';
import { readTopupEvent, topupEventSchemas } from '../../src/payments/topups/topup.events.js';
import { reconciliationStreams } from '../../src/reconciliation/stripe/postings.js';
import {
  readReconciliationEvent,
  reconciliationEventSchemas,
} from '../../src/reconciliation/stripe/reconciliation.events.js';
import { priceListPublishedSchema, priceListWithdrawnSchema } from '../../src/pricing/price-list.js';
import { providerBillStreams } from '../../src/reconciliation/providers/provider-bill.postings.js';
import {
  providerBillEventSchemas,
  readProviderBillEvent,
} from '../../src/reconciliation/providers/provider-bill.events.js';
import { queueEventSchemas, queueStream, readQueueEvent } from '../../src/operations/queue/queue.events.js';
import { readWebhookEvent, webhookEventSchemas, webhookStream } from '../../src/payments/sync/webhook.js';
import { readReratingEvent, reratingEventSchemas } from '../../src/rerating/index.js';
import { ledgerKeyEventSchemas, sealEventSchemas } from '../../src/seals/index.js';

interface Golden {
  readonly type: string;
  readonly data: JsonObject;
}

const booksStream = bookedStreamOf(BOOKS_STREAM) as BookedStream;

/** The kinds of streams whose events are booked. */
const kinds = [
  { stream: 'account-acc', schemas: accountEventSchemas, read: readAccountEvent, ...accountStreams },
  { stream: 'topup-top', schemas: topupEventSchemas, read: readTopupEvent, ...topupStreams },
  { stream: 'payout-po', schemas: payoutEventSchemas, read: readPayoutEvent, ...payoutStreams },
  {
    stream: 'automatic-topup-acc',
    schemas: automaticTopupEventSchemas,
    read: readAutomaticTopupEvent,
    ...automaticTopupStreams,
  },
  {
    stream: 'balance-alert-acc',
    schemas: balanceAlertEventSchemas,
    read: readBalanceAlertEvent,
    ...balanceAlertStreams,
  },
  { stream: 'invoices-2026', schemas: invoiceEventSchemas, read: readInvoiceEvent, ...invoiceStreams },
  {
    stream: 'reconciliation-2026-03-01',
    schemas: reconciliationEventSchemas,
    read: readReconciliationEvent,
    ...reconciliationStreams,
  },
  {
    stream: 'provider-bills-openai',
    schemas: providerBillEventSchemas,
    read: readProviderBillEvent,
    ...providerBillStreams,
  },
  { stream: BOOKS_STREAM, schemas: booksEventSchemas, read: readBooksEvent, ...booksStream },
  { stream: webhookStream('evt'), schemas: webhookEventSchemas, read: readWebhookEvent, postings: () => [] },
  { stream: queueStream('item'), schemas: queueEventSchemas, read: readQueueEvent, postings: () => [] },
  { stream: 'rerating-run', schemas: reratingEventSchemas, read: readReratingEvent, postings: () => [] },
].map((kind) => ({ ...kind, schemas: kind.schemas as Readonly<Record<string, z.ZodObject>> }));

const kindOf = ({ type }: Golden) => {
  const kind = kinds.find(({ schemas }) => type in schemas);
  if (kind === undefined) throw new Error(`no stream has events of type ${type}`);
  return kind;
};

const folder = new URL('events/', import.meta.url);
const files = readdirSync(folder);
const types = kinds.flatMap(({ schemas }) => Object.entries(schemas).map(([type, schema]) => ({ type, schema })));
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden;
const goldens = files.map((file) => ({ file, ...read(file) }));
const bookedGoldens = goldens.filter(({ type }) => types.some((known) => known.type === type));

/** As it is read from a store, where nothing but the type and the data matters. */
const recorded = (golden: Golden): RecordedEvent => ({
  type: golden.type,
  data: golden.data,
  id: '',
  stream: kindOf(golden).stream,
  revision: 0,
  position: 0,
  metadata: {},
  recordedAt: '',
});

// Golden files stay as they are for ever: each is an event of a version that was once written, and must still be read.
describe('golden events', () => {
  it.each(goldens)('$file is named after its type and version', ({ file, type, data }) =>
    expect(file).toMatch(
      new RegExp(`^${type}\\.v${typeof data['v'] === 'number' ? data['v'] : 1}(\\.[a-z]+)?\\.json$`),
    ),
  );

  it.each(bookedGoldens)('$file reads as what its schema says, to the letter', (golden) => {
    const { data } = kindOf(golden).read(recorded(golden));
    expect(kindOf(golden).schemas[golden.type]?.parse(data)).toEqual(data);
  });

  it.each(bookedGoldens)('$file books balanced postings', (golden) =>
    expect(imbalances(kindOf(golden).postings(recorded(golden))).size).toBe(0),
  );

  it.each(types)('there is one of $type, in its newest version', ({ type }) =>
    expect(files).toContain(`${type}.v1.json`),
  );

  it.each(types)('every field of $type is in one of its files', ({ type, schema }) => {
    const seen = goldens.filter((golden) => golden.type === type).flatMap(({ data }) => Object.keys(data));
    expect(Object.keys(schema.shape).filter((field) => !seen.includes(field))).toEqual([]);
  });

  it.each(['v1', 'v1.staff'])('PriceListPublished.%s.json reads as what its schema says, to the letter', (version) => {
    const { data } = read(`PriceListPublished.${version}.json`);
    expect(priceListPublishedSchema.parse(data)).toEqual(data);
  });

  it.each(['CheckpointSigned', 'LedgerKeyLost'] as const)(
    '%s.v1.json reads as its schema says, to the letter',
    (type) => {
      const { data } = read(`${type}.v1.json`);
      expect({ ...sealEventSchemas, ...ledgerKeyEventSchemas }[type].parse(data)).toEqual(data);
    },
  );

  it('PriceListWithdrawn.v1.json reads as what its schema says, to the letter', () => {
    const { data } = read('PriceListWithdrawn.v1.json');
    expect(priceListWithdrawnSchema.parse(data)).toEqual(data);
  });
});
