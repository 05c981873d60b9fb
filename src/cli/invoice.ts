import { Command } from 'commander';
import { eventsOf } from '../event-store/index.js';
import {
  invoiceOf,
  type InvoiceRow,
  invoiceRows,
  invoiceStream,
  readInvoiceEvent,
  buyerOf,
} from '../payments/index.js';
import { withContext } from './context.js';
import { printJson, printRows, type TableRow, UsageError } from './output.js';

export function invoiceCommands(): Command {
  const invoice = new Command('invoice').description('invoices and credit notes');
  invoice
    .command('list [year]')
    .description('the register of a year (UTC; this one by default): invoices and credit notes by number')
    .action(list);
  invoice.command('show <number>').description('an invoice with its buyer and its credit notes, as JSON').action(show);
  return invoice;
}

function list(year: string | undefined, _options: object, command: Command): Promise<void> {
  return withContext(async ({ store }) => {
    const rows: TableRow[] = [];
    for await (const event of eventsOf(store, invoiceStream(year ?? new Date().toISOString()))) {
      const { type, data } = readInvoiceEvent(event);
      const { number, at: issuedAt, accountId, topupId, currency, grossMinor, taxMinor } = data;
      const corrects = type === 'InvoiceIssued' ? '' : data.invoiceNumber;
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
