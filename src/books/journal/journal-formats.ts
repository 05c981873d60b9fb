// The formats of the journal for other programs. Every posting is written with all of its decimals.
import type { RecordedEvent } from '../../event-store/index.js';
import { dayOf, formatMoney } from '../../kernel/index.js';
import { CHART, type Posting } from '../../ledger/index.js';

/** An entry: an event that was booked, or the opening balances of all postings before the journal begins. */
export interface JournalEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly event: RecordedEvent | undefined;
  readonly postings: readonly Posting[];
}

interface Format {
  /** The lines before the first entry. */
  readonly head: () => readonly string[];
  readonly entry: (entry: JournalEntry) => readonly string[];
}

/** More decimals than any amount has (10^-12). */
const FULL_SCALE = '0'.repeat(12);

/** Ids, names of types and accounts, and decimals: none of them needs quotes. */
const csv = (): Format => ({
  head: () => ['at,position,stream,revision,type,event_id,account,amount,currency'],
  entry: ({ at, event, postings }) =>
    postings.map((posting) =>
      [
        at,
        event?.position ?? '',
        event?.stream ?? '',
        event?.revision ?? '',
        event?.type ?? 'Opening',
        event?.id ?? '',
        posting.account,
        formatMoney(posting),
        posting.currency,
      ].join(),
    ),
});

/** Declares everything it uses, as `hledger check --strict` demands (https://hledger.org/hledger.html#journal). */
function hledger(): Format {
  const known = new Set<string>();
  return {
    head: () => Object.values(CHART).map((account) => `account ${account}`),
    entry({ at, event, postings }) {
      const fresh = fresher(postings, known).map((currency) => `commodity 1000.${FULL_SCALE} ${currency}`);
      const title =
        event === undefined
          ? `${dayOf(at)} Opening balances`
          : `${dayOf(at)} (${event.stream}@${event.revision}) ${event.type}  ; at ${at}, event ${event.id}`;
      const lines = postings.map((posting) => `    ${posting.account}  ${sumOf(posting)}`);
      return [...fresh, '', title, ...lines];
    },
  };
}

/** Valid for `bean-check` (https://beancount.github.io/docs/beancount_language_syntax.html). */
const beancount = (): Format => ({
  head: () => [
    'option "title" "token-hub"',
    'option "operating_currency" "USD"',
    'option "tolerance_multiplier" "0"', // exact: by default, Beancount tolerates half of the last digit
    ...Object.values(CHART).map((account) => `${BEFORE_ALL} open ${beancountName(account)}`),
  ],
  entry: ({ at, event, postings }) => [
    '',
    ...(event === undefined
      ? [`${dayOf(at)} * "Opening balances"`]
      : [
          `${dayOf(at)} * "${event.type} ${event.stream}@${event.revision}"`,
          `  at: "${at}"`,
          `  event: "${event.id}"`,
        ]),
    ...postings.map((posting) => `  ${beancountName(posting.account)}  ${sumOf(posting)}`),
  ],
});

const sumOf = (posting: Posting): string => `${formatMoney(posting)} ${posting.currency}`;

/** Earlier than any event. */
const BEFORE_ALL = '1970-01-01';

/** Beancount has five fixed root accounts, and each part of a name begins with a capital letter. */
const beancountName = (account: string): string =>
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
