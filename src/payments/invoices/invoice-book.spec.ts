import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rejection } from '../../kernel/index.js';
import { invoiceBook, type InvoiceCommand } from './invoice-book.js';
import type { InvoiceEvent } from './invoice.events.js';
import { invoicePostings } from './postings.js';
import { taxShare } from './tax-share.js';

const AT = Date.parse('2026-11-29T10:00:00.000Z');
const seller = { name: 'Example Ltd', address: [] };
const amounts = { currency: 'usd', grossMinor: 1_000, taxMinor: 167, credit: '10.00', seller };
const base = { year: '2026', accountId: 'a', ...amounts };

const invoice = (topupId: string, at = AT): InvoiceCommand => ({
  ...base,
  type: 'IssueInvoice',
  commandId: topupId,
  at,
  topupId,
  paidAt: '2026-11-29T09:00:00.000Z',
  paymentIntentId: 'pi',
});

const creditNote = (refundId: string): InvoiceCommand => ({
  ...base,
  type: 'IssueCreditNote',
  commandId: refundId,
  at: AT,
  topupId: 't1',
  invoiceNumber: '2026-000001',
  refundId,
  refundedAt: '2026-11-29T09:30:00.000Z',
});

const debitNote = (refundId: string): InvoiceCommand => ({
  ...base,
  type: 'IssueDebitNote',
  commandId: `${refundId}/back`,
  at: AT,
  topupId: 't1',
  invoiceNumber: '2026-000001',
  creditNoteNumber: 'CN2026-000001',
  refundId,
  failedAt: '2026-11-29T09:45:00.000Z',
});

function play(commands: readonly InvoiceCommand[]): InvoiceEvent[] {
  const events: InvoiceEvent[] = [];
  let book = invoiceBook.initial();
  for (const command of commands) {
    const decided = invoiceBook.decide(command, book);
    if (decided instanceof Rejection) throw new Error(decided.message);
    for (const event of decided) book = invoiceBook.evolve(book, event);
    events.push(...decided);
  }
  return events;
}

const numbers = (commands: readonly InvoiceCommand[]): string[] => play(commands).map(({ data }) => data.number);

describe('the invoices of a year', () => {
  it('are numbered from 1, apart from its credit notes and its debit notes', () =>
    expect(numbers([invoice('t1'), creditNote('r1'), debitNote('r1'), invoice('t2'), creditNote('r2')])).toEqual([
      '2026-000001',
      'CN2026-000001',
      'DN2026-000001',
      '2026-000002',
      'CN2026-000002',
    ]));

  it('are one for each top-up and each refund, however often they are asked for', () =>
    expect(
      numbers([invoice('t1'), invoice('t1'), creditNote('r1'), creditNote('r1'), debitNote('r1'), debitNote('r1')]),
    ).toEqual(['2026-000001', 'CN2026-000001', 'DN2026-000001']));

  it('never go back in time, whichever clock is behind', () =>
    expect(play([invoice('t1'), invoice('t2', AT - 5_000)]).map(({ data }) => data.at)).toEqual([
      '2026-11-29T10:00:00.000Z',
      '2026-11-29T10:00:00.000Z',
    ]));

  it('leave no gap: a history with one is impossible', () => {
    const [, second] = play([invoice('t1'), invoice('t2')]);
    expect(() => invoiceBook.evolve(invoiceBook.initial(), second as InvoiceEvent)).toThrow(/leaves a gap/);
  });

  it('book the tax out of revenue, credit notes back, and debit notes out again', () => {
    const [issued, corrected, reversed] = play([invoice('t1'), creditNote('r1'), debitNote('r1')]).map((event) =>
      invoicePostings(event).map(({ account, amount }) => [account, amount]),
    );
    expect(issued).toEqual([
      ['revenue:sales-tax', 1_670_000_000_000n],
      ['liabilities:tax', -1_670_000_000_000n],
    ]);
    expect(corrected).toEqual([
      ['revenue:sales-tax', -1_670_000_000_000n],
      ['liabilities:tax', 1_670_000_000_000n],
    ]);
    expect(reversed).toEqual(issued);
  });
});

it('the tax shares of refunds add up to no more than the tax, and to all of it when all is refunded, whichever came back', () => {
  const parts = fc.array(fc.record({ amountMinor: fc.integer({ min: 1, max: 5_000 }), back: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 100 }), (refunds, percent) => {
      const priceMinor = refunds.reduce((total, { amountMinor }) => total + amountMinor, 0);
      const invoiced = { priceMinor, taxMinor: Math.floor((priceMinor * percent) / 100) };
      const standing: { amountMinor: number; taxMinor: number }[] = [];
      const credit = (amountMinor: number) => {
        const taxMinor = taxShare(invoiced, standing, amountMinor);
        expect(taxMinor).toBeGreaterThanOrEqual(0);
        standing.push({ amountMinor, taxMinor });
        expect(taxed()).toBeLessThanOrEqual(invoiced.taxMinor);
      };
      const taxed = () => standing.reduce((total, { taxMinor }) => total + taxMinor, 0);
      for (const { amountMinor } of refunds) credit(amountMinor);
      expect(taxed()).toBe(invoiced.taxMinor);
      const returned = refunds.filter(({ back }) => back);
      standing.splice(0, Infinity, ...standing.filter((_, index) => refunds[index]?.back === false));
      for (const { amountMinor } of returned.toReversed()) credit(amountMinor);
      expect(taxed()).toBe(invoiced.taxMinor);
    }),
  );
});
