// Which part of an invoice's tax a refund takes back. Integers only; pure.
import { toMinor } from '../topups/price.js';
import type { InvoiceRow } from './invoices.projection.js';

/** A credit note that no debit note has reversed. */
interface Standing {
  readonly amountMinor: number;
  readonly taxMinor: number;
}

/**
 * The tax of a credit note over `grossMinor`, in minor units: the share of the invoice's tax that all credit notes together come to, rounded
 * down, less what those before have. So a whole refund takes back the whole tax, in whatever parts, and whichever of them came back.
 */
export function taxShare(
  { priceMinor, taxMinor }: Pick<InvoiceRow, 'priceMinor' | 'taxMinor'>,
  before: readonly Standing[],
  grossMinor: number,
): number {
  const gross = before.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), BigInt(grossMinor));
  const credited = before.reduce((sum, note) => sum + BigInt(note.taxMinor), 0n);
  const share = (gross * BigInt(taxMinor)) / BigInt(priceMinor) - credited;
  return share > 0n ? toMinor(share) : 0;
}
