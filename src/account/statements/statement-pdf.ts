// A statement to print: what came in, what went out by kind and by model, and every entry but the single calls, which the CSV and the JSON have.
import type { Readable } from 'node:stream';
import { type Amount, formatUsd } from '../../kernel/index.js';
import { type Entry, ENTRY_DESCRIPTIONS } from '../../ledger/index.js';
import { type Statement, Tally } from './statement.js';

type Document = PDFKit.PDFDocument;

const MARGIN = 56;
const LINE = 16;
const GREY = '#555555';
const BLACK = '#111111';
/** Entries shown one by one at most; the sums are of all. */
const MOST_LINES = 1_000;

interface Column {
  readonly at: number;
  readonly width: number;
  readonly align?: 'right';
}

const KINDS: readonly Column[] = [
  { at: 0, width: 260 },
  { at: 260, width: 60, align: 'right' },
  { at: 330, width: 150, align: 'right' },
];
const MODELS: readonly Column[] = [
  { at: 0, width: 170 },
  { at: 170, width: 50, align: 'right' },
  { at: 225, width: 75, align: 'right' },
  { at: 305, width: 75, align: 'right' },
  { at: 385, width: 95, align: 'right' },
];
const ENTRIES: readonly Column[] = [
  { at: 0, width: 130 },
  { at: 135, width: 225 },
  { at: 365, width: 115, align: 'right' },
];

/** Made when all events were gone through. */
export async function statementPdf(statement: Statement): Promise<Readable> {
  const tally = new Tally(statement);
  const single: Entry[] = [];
  for await (const event of statement.events) {
    const entry = tally.take(event);
    if (entry !== undefined && entry.type !== 'TokensCharged' && single.length < MOST_LINES) single.push(entry);
  }
  // Loaded when it is needed: it is large, and most gateways start without printing.
  const { default: PDFDocument } = await import('pdfkit');
  const info = { Title: `Statement of account ${statement.accountId}`, Author: 'token-hub' };
  const page = new PDFDocument({ size: 'A4', margin: MARGIN, info });
  draw(page, statement, tally, single);
  page.end();
  return page;
}

function draw(page: Document, statement: Statement, tally: Tally, single: readonly Entry[]): void {
  const { accountId, from, to, openingBalance } = statement;
  page.font('Helvetica-Bold').fontSize(20).fillColor(BLACK).text('Statement').moveDown(0.5);
  page.font('Helvetica').fontSize(9).fillColor(GREY);
  page.text(`token-hub account ${accountId}`);
  page.text(`From ${from} to before ${to}. All amounts in US dollars, with every digit.`);
  table(
    page,
    'Balance',
    KINDS,
    ['', 'Entries', 'USD'],
    [
      ['Opening balance', '', formatUsd(openingBalance)],
      ...[...tally.byType].map(([type, { entries, amount }]) => [
        ENTRY_DESCRIPTIONS[type],
        String(entries),
        formatUsd(amount),
      ]),
      ['Closing balance', '', formatUsd(tally.balance)],
    ],
  );
  const models = [...tally.byModel].toSorted(([, a], [, b]) => byAmount(b.cost, a.cost));
  table(
    page,
    'Calls by model',
    MODELS,
    ['Model', 'Calls', 'Tokens in', 'Tokens out', 'USD'],
    models.map(([model, { calls, promptTokens, completionTokens, cost }]) => [
      model,
      ...[calls, promptTokens, completionTokens].map(String),
      formatUsd(cost),
    ]),
  );
  table(
    page,
    single.length === MOST_LINES ? `The first ${MOST_LINES} entries that are no calls` : 'Entries that are no calls',
    ENTRIES,
    ['At', 'What', 'USD'],
    single.map(({ at, description, amount }) => [at, description, formatUsd(amount)]),
  );
  const { revision, hash } = tally.head;
  const end =
    revision < 0
      ? 'The ledger holds nothing of this account yet.'
      : `The ledger up to here: revision ${revision}, hash ${hash}.`;
  page.moveDown().font('Helvetica').fontSize(8).fillColor(GREY);
  page.text(
    `${end} Single calls are in the CSV. The JSON can be checked offline: open /statement-checker.html of the gateway, or run tokenhub statement verify.`,
    MARGIN,
  );
}

const byAmount = (a: Amount, b: Amount): number => (a === b ? 0 : a < b ? -1 : 1);

/** A heading and rows, over as many pages as they take; nothing where there are no rows. */
function table(
  page: Document,
  title: string,
  columns: readonly Column[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (rows.length === 0) return;
  page.moveDown(1.5).font('Helvetica-Bold').fontSize(12).fillColor(BLACK).text(title, MARGIN).moveDown(0.3);
  page.font('Helvetica').fontSize(9).fillColor(GREY);
  line(page, columns, head);
  page.fillColor(BLACK);
  for (const row of rows) line(page, columns, row);
}

function line(page: Document, columns: readonly Column[], cells: readonly string[]): void {
  if (page.y + LINE > page.page.height - MARGIN) page.addPage();
  const { y } = page;
  for (const [index, { at, width, align }] of columns.entries()) {
    page.text(cells[index] ?? '', MARGIN + at, y, { width, align: align ?? 'left', lineBreak: false, ellipsis: true });
  }
  page.y = y + LINE;
}
