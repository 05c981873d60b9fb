// What is known of an item of the queue, in words: the sentence of its kind, filled with its particulars.
import type { TFunction } from 'i18next';
import type { Schema } from '../../api/client.ts';
import { wholeMoney } from '../../ui/money.tsx';

const AMOUNTS = ['amount', 'withdrawn', 'cost', 'difference', 'booked'] as const;
const TEXTS = [
  'topup',
  'reason',
  'model',
  'request',
  'type',
  'field',
  'expected',
  'received',
  'status',
  'day',
  'channel',
  'category',
  'payment_intent',
  'stripe_amount',
  'stripe_fee',
  'ledger_amount',
  'ledger_fee',
  'requested_by',
] as const;

const NOTHING = '–';

export function knownWords(t: TFunction<'ledger'>, { id, kind, facts }: Schema<'QueueItem'>): string {
  const amounts = AMOUNTS.map((name) => [name, wholeMoney(facts[name] ?? '0')] as const);
  const texts = TEXTS.map((name) => [name, facts[name] ?? NOTHING] as const);
  const fields = Object.fromEntries([...amounts, ...texts]) as Record<
    (typeof AMOUNTS)[number] | (typeof TEXTS)[number],
    string
  >;
  const sentence = t(`queue.known.${kind}`, { id, ...fields });
  const { proposed, requested_by } = facts;
  if (proposed === undefined || requested_by === undefined) return sentence;
  const reason = facts['reason'] ?? NOTHING;
  return `${sentence} ${t('queue.proposed', { who: requested_by, proposed, reason })}`;
}

const CHOICES = [
  'approve',
  'decline',
  'dismiss',
  'release',
  'charge_block',
  'charge_counts',
  'credit',
  'sync',
  'refund',
  'suspend',
  'replay',
  'complete',
  'complete_outside',
  'fail',
  'foreign_payment',
  'stripe_fee',
  'settle_topup',
  'bank_transfer',
  'write_off',
  'explain',
  'book',
  'keep',
  'rebuild',
] as const;

const knownChoice = (choice: string) => CHOICES.find((name) => name === choice);

/** What a choice is called; its own name where a newer gateway has others. */
export function choiceName(t: TFunction<'ledger'>, choice: string): string {
  const known = knownChoice(choice);
  return known === undefined ? choice : t(`queue.choice.${known}`);
}

/** What a choice does, in a sentence; the figures are in its effect. */
export function choiceWords(t: TFunction<'ledger'>, { choice, does }: Schema<'QueueChoice'>): string {
  const known = knownChoice(choice);
  return known === undefined ? does : t(`queue.does.${known}`);
}
