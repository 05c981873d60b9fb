// What is known of a transaction on which Stripe and the ledger do not agree.
import { moneyText } from '../../payments/index.js';
import type { ItemRow } from '../../reconciliation/index.js';

type Side = readonly { readonly currency: string; readonly amountMinor: number; readonly feeMinor: number }[];

/** Amounts with their currency, as few of them are of the same; undefined where a side has nothing. */
const sumsOf = (side: Side, field: 'amountMinor' | 'feeMinor'): string | undefined =>
  side.length === 0 ? undefined : side.map(({ currency, [field]: minor }) => moneyText(minor, currency)).join(' + ');

export function stripeItemFacts({ sides, resolution }: Pick<ItemRow, 'sides' | 'resolution'>) {
  const { theirs, ours } = sides;
  const [first] = theirs;
  return {
    stripe_amount: sumsOf(theirs, 'amountMinor'),
    stripe_fee: sumsOf(theirs, 'feeMinor'),
    ledger_amount: sumsOf(ours, 'amountMinor'),
    ledger_fee: sumsOf(ours, 'feeMinor'),
    category: first?.category,
    source: first?.sourceId,
    payment_intent: first?.paymentIntentId,
    topup: first?.topupId ?? resolution?.topupId,
  };
}

/** The same in a sentence. */
export function stripeItemWords(row: Pick<ItemRow, 'sides' | 'resolution'>): string {
  const { category, source, payment_intent: intent, topup, ...sums } = stripeItemFacts(row);
  const has = (amount: string | undefined, fee: string | undefined) =>
    amount === undefined ? 'nothing' : `${amount} with a fee of ${fee}`;
  const about = [category, source, intent, topup && `top-up ${topup}`].filter((each) => each !== undefined).join(', ');
  const stripe = `Stripe has ${has(sums.stripe_amount, sums.stripe_fee)}${about === '' ? '' : ` (${about})`}`;
  return `${stripe}; the ledger has ${has(sums.ledger_amount, sums.ledger_fee)}.`;
}
