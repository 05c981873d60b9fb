// Invoices from the events of top-ups: what is refunded is credited, and what comes back stands again.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeskClock } from '../../../test/support/reconciliation/desk.js';
import * as given from '../../../test/support/payments/topup-spec.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { bringUpToDate, eventsOf } from '../../event-store/index.js';
import { formatMoney, toInstant } from '../../kernel/index.js';
import { addPostings, type Totals } from '../../ledger/index.js';
import type { Config } from '../../platform/config.js';
import { Topups } from '../topups/topups.js';
import type { TopupCommand } from '../topups/topup.commands.js';
import { invoiceOf } from './invoice.js';
import { InvoiceIssuer } from './invoice-issuer.js';
import { type InvoiceEvent, invoiceStream, readInvoiceEvent } from './invoice.events.js';
import { type InvoiceRow, invoiceRows } from './invoices.projection.js';
import { invoicePostings } from './postings.js';

/** A paid top-up of $10.00 with $1.67 of tax in it. */
async function paid() {
  const [store, readModels, clock] = [new MemoryEventStore(), new MemoryReadModelStore(), new DeskClock()];
  const topups = new Topups(store);
  const issuer = new InvoiceIssuer(store, readModels, clock, { SELLER_NAME: 'Example Ltd' } as Config);
  const tell = async (command: TopupCommand): Promise<void> => {
    clock.at += 60_000;
    await topups.execute('top', { ...command, commandId: `c${clock.at}`, at: clock.at });
  };
  const issue = async (): Promise<void> => {
    await bringUpToDate(store, readModels, [invoiceRows]);
    await issuer.look();
  };
  const issued = async (): Promise<InvoiceEvent[]> => {
    const found: InvoiceEvent[] = [];
    for await (const event of eventsOf(store, invoiceStream(toInstant(clock.at)))) found.push(readInvoiceEvent(event));
    return found;
  };
  const row = async () => (await readModels.load(invoiceRows.view, ['top'])).get('top')?.doc as InvoiceRow;
  await tell(given.order({ expiresAt: clock.at + 3_600_000 }));
  await tell(given.report({ taxMinor: 167 }));
  return { tell, issue, issued, row };
}

const taxOwed = (events: readonly InvoiceEvent[]): string => {
  const totals: Totals = new Map();
  for (const event of events) addPostings(totals, invoicePostings(event));
  const owed = [...totals.values()].find(({ account }) => account === 'liabilities:tax');
  return owed === undefined ? '0.00' : formatMoney(owed);
};

it('reverses the credit note of a refund that came back by a debit note, once, and books its tax again', async () => {
  const { tell, issue, issued, row } = await paid();
  await tell(given.orderRefund('ref', '5.00'));
  await tell(given.reportRefund('ref'));
  for (let turn = 0; turn < 3; turn++) await issue();
  expect(taxOwed(await issued())).toBe('-0.84');
  await tell(given.reportRefund('ref', { status: 'failed' }));
  for (let turn = 0; turn < 3; turn++) await issue();
  const [, credit, debit, ...more] = await issued();
  expect(more).toEqual([]);
  expect(debit).toMatchObject({
    type: 'DebitNoteIssued',
    data: {
      number: 'DN2026-000001',
      creditNoteNumber: credit?.data.number,
      invoiceNumber: '2026-000001',
      grossMinor: 500,
      taxMinor: 83,
    },
  });
  expect(taxOwed(await issued())).toBe('-1.67');
  expect(invoiceOf(await row(), undefined)).toMatchObject({
    total: '10.00',
    credit_notes: [{ number: 'CN2026-000001', tax: '-0.83', total: '-5.00' }],
    debit_notes: [{ number: 'DN2026-000001', reverses: 'CN2026-000001', tax: '0.83', total: '5.00' }],
  });
});

it('issues nothing for a refund that came back before its credit note', async () => {
  const { tell, issue, issued } = await paid();
  await tell(given.orderRefund('ref', '5.00'));
  await tell(given.reportRefund('ref'));
  await tell(given.reportRefund('ref', { status: 'failed' }));
  await issue();
  expect((await issued()).map(({ type }) => type)).toEqual(['InvoiceIssued']);
});

it('has credited, whatever came back and whenever it looked, what is refunded in the end', async () => {
  const refunds = fc.array(
    fc.record({
      cents: fc.integer({ min: 1, max: 400 }),
      end: fc.constantFrom('paid', 'returned', 'failed'),
      looks: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(refunds, async (all) => {
      const { tell, issue, issued } = await paid();
      let left = 1_000;
      let refunded = 0;
      for (const [index, { cents, end, looks }] of all.entries()) {
        if (cents > left) continue;
        await tell(
          given.orderRefund(`r${index}`, `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`),
        );
        if (end !== 'failed') await tell(given.reportRefund(`r${index}`));
        if (looks) await issue();
        if (end === 'paid') [left, refunded] = [left - cents, refunded + cents];
        else await tell(given.reportRefund(`r${index}`, { status: 'failed' }));
      }
      for (let turn = 0; turn < 2; turn++) await issue();
      const events = await issued();
      const gross = events.reduce(
        (sum, { type, data }) => sum + (type === 'CreditNoteIssued' ? -data.grossMinor : data.grossMinor),
        0,
      );
      expect(gross).toBe(1_000 - refunded);
      const reversed = events.flatMap(({ type, data }) => (type === 'DebitNoteIssued' ? [data.creditNoteNumber] : []));
      expect(new Set(reversed).size).toBe(reversed.length);
    }),
    { numRuns: 50 },
  );
});
