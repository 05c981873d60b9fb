// The journal: every posting of the whole log, in its order, as other programs read it.
import { type EventStore, type RecordedEvent, START } from '../event-store/index.js';
import { formatUsd } from '../kernel/index.js';
import { CHART, type Posting } from '../ledger/index.js';
import { BOOKED_STREAMS } from './booked-streams.js';

export const JOURNAL_FORMATS = ['hledger', 'csv'] as const;
export type JournalFormat = (typeof JOURNAL_FORMATS)[number];

const PAGE = 2_000;
/** More decimals than any amount has (10^-12). */
const FULL_SCALE = '0'.repeat(12);

/** The lines of the journal. Those of hledger declare all they use, so that `hledger check --strict` takes them. */
export async function* journal(store: EventStore, format: JournalFormat): AsyncGenerator<string> {
  if (format === 'csv') yield 'at,position,stream,revision,type,event_id,account,amount,currency';
  else for (const account of Object.values(CHART)) yield `account ${account}`;
  const currencies = new Set<string>();
  for (let after = START; ;) {
    const page = await store.readAll(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const event of page) {
      const postings = BOOKED_STREAMS.find((kind) => kind.owns(event.stream))?.postings(event) ?? [];
      if (postings.length === 0) continue;
      if (format === 'csv') yield* postings.map((posting) => csvLine(event, posting));
      else yield* [...declared(postings, currencies), ...transaction(event, postings)];
    }
    after = last.position;
  }
}

/** Nothing in it needs to be quoted: ids, names of types and accounts, and decimals. */
const csvLine = ({ data, position, stream, revision, type, id }: RecordedEvent, posting: Posting): string =>
  [
    data['at'],
    position,
    stream,
    revision,
    type,
    id,
    posting.account,
    formatUsd(posting.amount),
    posting.currency,
  ].join();

function declared(postings: readonly Posting[], known: Set<string>): string[] {
  const fresh = [...new Set(postings.map(({ currency }) => currency))].filter((currency) => !known.has(currency));
  for (const currency of fresh) known.add(currency);
  return fresh.map((currency) => `commodity 1000.${FULL_SCALE} ${currency}`);
}

function transaction({ data, stream, revision, type, id }: RecordedEvent, postings: readonly Posting[]): string[] {
  const at = String(data['at']);
  return [
    '',
    `${at.slice(0, 'yyyy-mm-dd'.length)} (${stream}@${revision}) ${type}  ; at ${at}, event ${id}`,
    ...postings.map(({ account, amount, currency }) => `    ${account}  ${formatUsd(amount)} ${currency}`),
  ];
}
