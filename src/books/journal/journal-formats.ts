// The formats of the journal for other programs. Every posting is written with all of its decimals.
import type { RecordedEvent } from '../../event-store/index.js';
import { dayOf, DAY_MS, formatMoney, toInstant } from '../../kernel/index.js';
import { CHART, type Posting } from '../../ledger/index.js';
import type { StripeIds } from '../../payments/index.js';

/** An entry: an event that was booked, or the opening balances of all postings before the journal begins. */
interface JournalEntry {
  /** The posting date, ISO 8601. */
  readonly bookedAt: string;
  /** When it was earned. */
  readonly serviceDate: string;
  readonly event: RecordedEvent | undefined;
  readonly postings: readonly Posting[];
  /** What Stripe calls what was booked. */
  readonly stripeIds: StripeIds;
}

interface Format {
  /** The lines before the first entry. */
  readonly head: () => readonly string[];
  readonly entry: (entry: JournalEntry) => readonly string[];
  /** The lines after the last entry, with the balances of all accounts and the last day that has an entry. */
  readonly tail?: (balances: readonly Posting[], lastDay: string) => readonly string[];
}

/** More decimals than any amount has (10^-12). */
const FULL_SCALE = '0'.repeat(12);

/** Ids, names of types and accounts, and decimals: none of them needs quotes. */
const csv = (): Format => ({
  head: () => [
    'at,position,stream,revision,type,event_id,account,amount,currency,service_date,recorded_instant,stripe_ids',
  ],
  entry: ({ bookedAt, serviceDate, event, postings, stripeIds }) =>
    postings.map((posting) =>
      [
        bookedAt,
        event?.position ?? '',
        event?.stream ?? '',
        event?.revision ?? '',
        event?.type ?? 'Opening',
        event?.id ?? '',
        posting.account,
        formatMoney(posting),
        posting.currency,
        serviceDate,
        event === undefined ? '' : String(event.data['at']),
        idsOf(stripeIds)
          .map(([name, id]) => `${name}:${id}`)
          .join(' '),
      ].join(),
    ),
});

const idsOf = (ids: StripeIds): [keyof StripeIds, string][] => Object.entries(ids) as [keyof StripeIds, string][];

/** Declares everything it uses, as `hledger check --strict` demands (https://hledger.org/hledger.html#journal). */
function hledger(): Format {
  const known = new Set<string>();
  return {
    head: () => Object.values(CHART).map((account) => `account ${account}`),
    entry({ bookedAt, serviceDate, event, postings, stripeIds }) {
      const fresh = fresher(postings, known).map((currency) => `commodity 1000.${FULL_SCALE} ${currency}`);
      const title =
        event === undefined
          ? `${dayOf(bookedAt)} Opening balances`
          : `${dayOf(bookedAt)} (${event.stream}@${event.revision}) ${event.type}  ; ${tagsOf(event, serviceDate, stripeIds)}`;
      const lines = postings.map((posting) => `    ${posting.account}  ${sumOf(posting)}`);
      return [...fresh, '', title, ...lines];
    },
  };
}

/** As hledger reads tags: `name:value`, with commas between them (https://hledger.org/hledger.html#tags). */
const tagsOf = (event: RecordedEvent, serviceDate: string, ids: StripeIds): string =>
  [['at', String(event.data['at'])], ['event', event.id], ['service', serviceDate], ...idsOf(ids)]
    .map(([name, value]) => `${name}:${value}`)
    .join(', ');

/** Valid for `bean-check` (https://beancount.github.io/docs/beancount_language_syntax.html). */
const beancount = (): Format => ({
  head: () => [
    'option "title" "token-hub"',
    'option "operating_currency" "USD"',
    'option "tolerance_multiplier" "0"', // exact: by default, Beancount tolerates half of the last digit
    ...Object.values(CHART).map((account) => `${BEFORE_ALL} open ${beancountName(account)}`),
  ],
  entry: ({ bookedAt, serviceDate, event, postings, stripeIds }) => [
    '',
    ...(event === undefined
      ? [`${dayOf(bookedAt)} * "Opening balances"`]
      : [
          `${dayOf(bookedAt)} * "${event.type} ${event.stream}@${event.revision}"`,
          `  at: "${String(event.data['at'])}"`,
          `  event: "${event.id}"`,
          `  service: "${serviceDate}"`,
          ...idsOf(stripeIds).map(([name, id]) => `  ${name}: "${id}"`),
        ]),
    ...postings.map((posting) => `  ${beancountName(posting.account)}  ${sumOf(posting)}`),
  ],
  // A balance counts from the first moment of its day. Without "~ 0" it would tolerate a difference in the last digit.
  tail: (balances, lastDay) => [
    '',
    ...balances.map(
      (balance) =>
        `${dayAfter(lastDay)} balance ${beancountName(balance.account)}  ${formatMoney(balance)} ~ 0 ${balance.currency}`,
    ),
  ],
});

const sumOf = (posting: Posting): string => `${formatMoney(posting)} ${posting.currency}`;

const dayAfter = (day: string): string => dayOf(toInstant(Date.parse(day) + DAY_MS));

/** Earlier than any event. */
const BEFORE_ALL = '1970-01-01';

/** Beancount has five fixed root accounts, and each part of a name begins with a capital letter. */
export const beancountName = (account: string): string =>
  account.replace(/^revenue/, 'income').replaceAll(/(?<=^|:)[a-z]/g, (letter) => letter.toUpperCase());

/** Returns the currencies that `known` lacks, and adds them to it. */
function fresher(postings: readonly Posting[], known: Set<string>): string[] {
  const fresh = [...new Set(postings.map(({ currency }) => currency))].filter((currency) => !known.has(currency));
  for (const currency of fresh) known.add(currency);
  return fresh;
}

export const JOURNAL_FORMATS = ['hledger', 'beancount', 'csv'] as const;
export type JournalFormat = (typeof JOURNAL_FORMATS)[number];

export const journalFormat: Readonly<Record<JournalFormat, () => Format>> = { hledger, beancount, csv };
