// Which part of an invoice's tax a refund takes back. Integers only; pure.
import { toMinor } from '../topups/price.js';
import type { InvoicedRefund, InvoiceRow } from './invoices.projection.js';

/**
 * The tax of a credit note over `grossMinor`, in minor units: its share of the invoice's tax, rounded down over the sum of all refunds, so
 * that what one rounds down is in the next, and a whole refund takes back the whole tax.
 */
export function taxShare(
  { priceMinor, taxMinor }: Pick<InvoiceRow, 'priceMinor' | 'taxMinor'>,
  before: readonly Pick<InvoicedRefund, 'amountMinor'>[],
  grossMinor: number,
): number {
  const refunded = before.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  const upTo = (gross: bigint): bigint => (gross * BigInt(taxMinor)) / BigInt(priceMinor);
  return toMinor(upTo(refunded + BigInt(grossMinor)) - upTo(refunded));
}
