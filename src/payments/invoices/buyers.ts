// Who an invoice is made out to. It is personal data, so it stands in a document and in no event; it stays when the person goes, as
// invoices must be kept.
import type { Collection, DocumentStore } from '../../platform/documents/index.js';
import { toInstant } from '../../kernel/index.js';
import { type BillingDetails, users } from '../../identity/index.js';

type Buyer = BillingDetails & { readonly accountId: string; readonly takenAt: string };

/** One document for each invoice, under its number. */
const buyers: Collection<Buyer> = { name: 'invoice-buyers-1', unique: [], indexes: ['accountId'] };

/**
 * The buyer of an invoice: the billing details that its account had when they were first needed, and from then on the same. Undefined as
 * long as there are none.
 */
export async function buyerOf(
  documents: DocumentStore,
  { number, accountId }: { readonly number: string; readonly accountId: string },
  now: number,
): Promise<BillingDetails | undefined> {
  const known = await documents.get(buyers, number);
  if (known !== undefined) return known.doc;
  const [owner] = await documents.find(users, { where: { accountId }, limit: 1 });
  const billing = owner?.doc.billing;
  if (billing === undefined) return undefined;
  const taken = await documents.insert(buyers, number, { ...billing, accountId, takenAt: toInstant(now) });
  return taken ? billing : (await documents.get(buyers, number))?.doc;
}
