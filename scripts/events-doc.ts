// Writes docs/events.md from the schemas of the events and their golden files; with --check, says whether it is up to date.
// Needs a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type * as Account from '../src/ledger/account.events.ts';
import type * as Books from '../src/books/close/books.events.ts';
import type * as AutomaticTopup from '../src/payments/automatic/automatic-topup.events.ts';
import type * as BalanceAlert from '../src/payments/alerts/balance-alert.events.ts';
import type * as Invoices from '../src/payments/invoices/invoice.events.ts';
import type * as Payout from '../src/payments/payouts/payout.ts';
import type * as Topup from '../src/payments/topups/topup.events.ts';
import type * as Reconciliation from '../src/reconciliation/stripe/reconciliation.events.ts';
import type * as ProviderBill from '../src/reconciliation/providers/provider-bill.events.ts';
import type * as PriceList from '../src/pricing/price-list.ts';
import type * as Rerating from '../src/rerating/rerating.events.ts';
import type * as Webhook from '../src/payments/sync/webhook.ts';
import type * as Queue from '../src/operations/queue/queue.events.ts';
import type * as LedgerKey from '../src/seals/ledger-key.events.ts';
import type * as Seal from '../src/seals/seal.events.ts';

export interface Stream {
  readonly title: string;
  readonly intro: string;
  readonly schemas: Readonly<Record<string, z.ZodObject>>;
}

/** What is used of JSON Schema here. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

type Schemas = Pick<typeof Account, 'accountEventSchemas'> &
  Pick<typeof Topup, 'topupEventSchemas'> &
  Pick<typeof Payout, 'payoutEventSchemas'> &
  Pick<typeof AutomaticTopup, 'automaticTopupEventSchemas'> &
  Pick<typeof BalanceAlert, 'balanceAlertEventSchemas'> &
  Pick<typeof Invoices, 'invoiceEventSchemas'> &
  Pick<typeof Reconciliation, 'reconciliationEventSchemas'> &
  Pick<typeof Books, 'booksEventSchemas'> &
  Pick<typeof PriceList, 'priceListPublishedSchema' | 'priceListWithdrawnSchema'> &
  Pick<typeof ProviderBill, 'providerBillEventSchemas'> &
  Pick<typeof Rerating, 'reratingEventSchemas'> &
  Pick<typeof Webhook, 'webhookEventSchemas'> &
  Pick<typeof Queue, 'queueEventSchemas'> &
  Pick<typeof LedgerKey, 'ledgerKeyEventSchemas'> &
  Pick<typeof Seal, 'sealEventSchemas'>;

/** The streams of the ledger, in the order of the page. */
export const streamsOf = ({
  accountEventSchemas,
  topupEventSchemas,
  payoutEventSchemas,
  automaticTopupEventSchemas,
  balanceAlertEventSchemas,
  invoiceEventSchemas,
  ...others
}: Schemas): Stream[] => [
  {
    title: '`account-<accountId>`',
    intro: 'One stream an account: its keys, credits, holds and charges, in the order in which they were decided.',
    schemas: accountEventSchemas,
  },
  {
    title: '`topup-<topupId>`',
    intro: 'One stream a top-up: its order, its payment, its refunds, and what Stripe settled for them.',
    schemas: topupEventSchemas,
  },
  {
    title: '`payout-<payoutId>`',
    intro: 'One stream a payout of Stripe’s to our bank.',
    schemas: payoutEventSchemas,
  },
  {
    title: '`automatic-topup-<accountId>`',
    intro: 'One stream an account: the consent to charge a saved card, and what was charged by it.',
    schemas: automaticTopupEventSchemas,
  },
  {
    title: '`balance-alert-<accountId>`',
    intro: 'One stream an account: the mail that its owner wants when the balance is low.',
    schemas: balanceAlertEventSchemas,
  },
  {
    title: '`invoices-<year>`',
    intro:
      'One stream a year: the invoices of its paid top-ups and the credit notes of its refunds, each numbered without gaps.',
    schemas: invoiceEventSchemas,
  },
  ...comparedStreams(others),
  ...otherStreams(others),
];

/** What was compared with what others say. */
const comparedStreams = ({
  reconciliationEventSchemas,
  providerBillEventSchemas,
}: Pick<Schemas, 'reconciliationEventSchemas' | 'providerBillEventSchemas'>): Stream[] => [
  {
    title: '`reconciliation-<yyyy-mm-dd>`',
    intro:
      'One stream a UTC day: what was compared of our account at Stripe, what did not agree, and what was decided about it.',
    schemas: reconciliationEventSchemas,
  },
  {
    title: '`provider-bills-<channel>`',
    intro: 'One stream a channel: what its bills say beside what was booked, and what was decided about it.',
    schemas: providerBillEventSchemas,
  },
];

/** Prices, runs and seals. */
const otherStreams = ({
  booksEventSchemas,
  reratingEventSchemas,
  webhookEventSchemas,
  queueEventSchemas,
  sealEventSchemas,
  ledgerKeyEventSchemas,
  ...prices
}: Pick<
  Schemas,
  | 'booksEventSchemas'
  | 'priceListPublishedSchema'
  | 'priceListWithdrawnSchema'
  | 'reratingEventSchemas'
  | 'webhookEventSchemas'
  | 'queueEventSchemas'
  | 'sealEventSchemas'
  | 'ledgerKeyEventSchemas'
>): Stream[] => [
  {
    title: '`books`',
    intro: 'The closing of months ([finance.md](finance.md)).',
    schemas: booksEventSchemas,
  },
  {
    title: '`price-list`',
    intro: 'The versions of the price list.',
    schemas: {
      PriceListPublished: prices.priceListPublishedSchema,
      PriceListWithdrawn: prices.priceListWithdrawnSchema,
    },
  },
  {
    title: '`rerating-<runId>`',
    intro:
      'One stream a re-rating run: what was proposed, who approved it, and the accounts that are done. What a run books are `ChargeRerated` of the accounts.',
    schemas: reratingEventSchemas,
  },
  {
    title: '`webhook-<eventId>`',
    intro: 'One stream an event of Stripe’s that could not be followed up when it came.',
    schemas: webhookEventSchemas,
  },
  {
    title: '`queue-<itemId>`',
    intro:
      'One stream an item of the [queue](operating.md#the-queue) about which people decided something that no other stream has.',
    schemas: queueEventSchemas,
  },
  {
    title: '`seals`',
    intro: 'The signed checkpoints of the whole ledger ([audit.md](audit.md)).',
    schemas: sealEventSchemas,
  },
  {
    title: '`ledger-keys`',
    intro: 'What became of the keys of the ledger ([operating.md](operating.md#a-lost-key)).',
    schemas: ledgerKeyEventSchemas,
  },
];

const root = new URL('../', import.meta.url);
const target = new URL('docs/events.md', root);

const INTRO = `# Events

Generated by \`node scripts/events-doc.ts\` from the schemas in the code; a test checks that it is up to date.

Every event is flat JSON. Money is a decimal string of US dollars, exact to twelve decimals; an instant is ISO 8601 in UTC with
milliseconds. Data that says nothing of its version \`v\` is version 1; older versions are read through upcasters, and nothing on disk is
ever rewritten. The metadata of an event carries its \`hash\`: SHA-256 of the previous event's hash (32 zero bytes before the first) and the
canonical JSON (RFC 8785) of \`{data, id, revision, stream, type}\`. It may carry a \`mac\`, by which
a gateway authenticates it, and the \`recordedAt\` and \`position\` that it had before it was moved to another store ([audit.md](audit.md)). No event
carries personal data.
`;

/** The whole page. */
export const eventsDoc = (streams: readonly Stream[]): string => [INTRO, ...streams.map(streamSection)].join('\n');

const streamSection = ({ title, intro, schemas }: Stream): string =>
  [`## ${title}\n\n${intro}\n`, ...Object.entries(schemas).map(([type, schema]) => eventSection(type, schema))].join(
    '\n',
  );

function eventSection(type: string, zodSchema: z.ZodObject): string {
  const schema = z.toJSONSchema(zodSchema, { reused: 'inline', unrepresentable: 'any' }) as Schema;
  const example = readExample(type);
  return [
    `### ${type}\n\n${schema.description ?? ''}\n`,
    `| field | type | meaning |\n| --- | --- | --- |\n${fieldRows(schema).join('\n')}\n`,
    ...(example === undefined ? [] : [`\`\`\`json\n${example}\n\`\`\`\n`]),
  ].join('\n');
}

/** A row for each field; the fields of an object, and of the objects in a list, come after it, unless they stand above. */
function fieldRows({ properties = {}, required = [] }: Schema, path = '', seen = new Map<string, string>()): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = field.items?.properties ? field.items : field;
    const fullName = `${path}${name}`;
    const shape = JSON.stringify(inner.properties);
    const above = shape === undefined ? undefined : seen.get(shape);
    if (shape !== undefined && above === undefined) seen.set(shape, fullName);
    const meaning = `${field.description ?? ''}${above === undefined ? '' : `; fields as in \`${above}\``}`;
    const optional = required.includes(name) ? '' : ', optional';
    const row = `| \`${fullName}\` | ${typeName(field)}${optional} | ${meaning.replaceAll('|', '\\|')} |`;
    if (above !== undefined) return [row];
    return [row, ...fieldRows(inner, `${fullName}${inner === field ? '' : '[]'}.`, seen)];
  });
}

function typeName({ type, format, pattern, anyOf, items, enum: names, const: only, description = '' }: Schema): string {
  if (names) return names.map((name) => `\`${name}\``).join(' or ');
  if (only !== undefined) return `\`${only}\``;
  if (anyOf) return [...new Set(anyOf.map(typeName))].join(' or ');
  if (items) return `list of ${items.type === undefined ? 'values' : typeName(items)}`;
  if (format === 'date-time') return 'instant';
  if (pattern !== undefined && /USD|US dollars/.test(description)) return 'decimal';
  return type ?? 'any';
}

function readExample(type: string): string | undefined {
  try {
    return readFileSync(new URL(`test/golden/events/${type}.v1.json`, root), 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}

const MODULES = [
  'src/ledger/account.events.js',
  'src/payments/topups/topup.events.js',
  'src/payments/payouts/payout.js',
  'src/payments/automatic/automatic-topup.events.js',
  'src/payments/alerts/balance-alert.events.js',
  'src/payments/invoices/invoice.events.js',
  'src/books/close/books.events.js',
  'src/reconciliation/stripe/reconciliation.events.js',
  'src/reconciliation/providers/provider-bill.events.js',
  'src/pricing/price-list.js',
  'src/rerating/rerating.events.js',
  'src/payments/sync/webhook.js',
  'src/operations/queue/queue.events.js',
  'src/seals/seal.events.js',
  'src/seals/ledger-key.events.js',
];

async function main(): Promise<void> {
  const built = await Promise.all(MODULES.map((path) => import(new URL(`dist/${path}`, root).href)));
  const doc = eventsDoc(streamsOf(Object.assign({}, ...built) as Schemas));
  if (!process.argv.includes('--check')) return writeFileSync(target, doc);
  if (readFileSync(target, 'utf8') === doc) return;
  console.error('docs/events.md is not what the schemas say: run `node scripts/events-doc.ts`');
  process.exitCode = 1;
}

if (import.meta.main) await main();
