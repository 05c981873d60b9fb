import type { Command } from 'commander';
import { eventsOf } from '../event-store/index.js';
import {
  correctedBy,
  invoiceOf,
  type InvoiceRow,
  invoiceRows,
  invoiceStream,
  readInvoiceEvent,
  buyerOf,
} from '../payments/index.js';
import { withContext } from './context.js';
import { printJson, printRows, type TableRow, UsageError } from './output.js';
import { yearArgument } from './parse.js';

export function invoiceCommands(invoice: Command): void {
  invoice
    .command('list')
    .argument('[year]', 'such as 2026', yearArgument)
    .description('the register of a year (UTC; this one by default): its documents in the order of their issue')
    .action(list);
  invoice.command('show <number>').description('an invoice with its buyer and what corrects it, as JSON').action(show);
}

function list(year: string | undefined, _options: object, command: Command): Promise<void> {
  return withContext(async ({ store }) => {
    const rows: TableRow[] = [];
    for await (const recorded of eventsOf(store, invoiceStream(year ?? new Date().toISOString()))) {
      const event = readInvoiceEvent(recorded);
      const { number, at: issuedAt, accountId, topupId, currency, grossMinor, taxMinor } = event.data;
      const corrects = correctedBy(event) ?? '';
      rows.push({ number, issuedAt, corrects, accountId, topupId, currency, grossMinor, taxMinor });
    }
    printRows(command, rows, 'Nothing was invoiced in that year. Invoices are issued where SELLER_NAME is set.');
  });
}

function show(number: string): Promise<void> {
  return withContext(async (context) => {
    const readModels = await context.caughtUpReadModels();
    const [found] = await readModels.find(invoiceRows.view, { where: { number }, limit: 1 });
    const row = found?.doc as InvoiceRow | undefined;
    if (row === undefined) throw new UsageError(`There is no invoice ${number}. List them: tokenhub invoice list`);
    const about = { number, accountId: row.accountId };
    printJson(invoiceOf(row, await buyerOf(context.documents, about, Date.now())) ?? {});
  });
}
