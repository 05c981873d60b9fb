// What is known of an item of the queue, in words: the sentence of its kind, filled with its particulars.
import type { TFunction } from 'i18next';
import type { Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
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
  'day',
  'channel',
  'requested_by',
] as const;

/** Words of the ledger and of Stripe that are not words for people. */
const CODES = [
  'not_needed',
  'bought_by_mistake',
  'not_satisfied',
  'other',
  'pending',
  'theirs_only',
  'ours_only',
  'differs',
] as const;
/** A proposed end of a refund, by the choice that proposes it. */
const ENDS: Readonly<Record<string, string>> = {
  completed: 'complete',
  'completed outside': 'complete_outside',
  failed: 'fail',
};

const NOTHING = '–';

export function knownWords(t: TFunction<'ledger'>, { id, kind, facts }: Schema<'QueueItem'>): string {
  const amounts = AMOUNTS.map((name) => [name, wholeMoney(facts[name] ?? '0')] as const);
  const texts = TEXTS.map((name) => [name, textWords(t, facts[name] ?? NOTHING)] as const);
  const fields = Object.fromEntries([...amounts, ...texts]) as Record<
    (typeof AMOUNTS)[number] | (typeof TEXTS)[number],
    string
  >;
  // What was charged by hand stays an item of the kind that it waited as.
  const known = kind === 'usage_unknown' && facts['cost'] !== undefined ? 'usage_charged' : kind;
  const sentence = t(`queue.known.${known}`, { id, ...fields, ...differenceWords(t, facts) });
  const { proposed, requested_by } = facts;
  if (proposed === undefined || requested_by === undefined) return sentence;
  const reason = facts['reason'] ?? NOTHING;
  const what = choiceName(t, ENDS[proposed] ?? proposed);
  return `${sentence} ${t('queue.proposed', { who: requested_by, proposed: what, reason })}`;
}

function textWords(t: TFunction<'ledger'>, text: string): string {
  const code = CODES.find((each) => each === text);
  return code === undefined ? inWords(text) : t(`queue.codes.${code}`);
}

/** What both sides have of a transaction, and what it is. */
function differenceWords(t: TFunction<'ledger'>, facts: Schema<'QueueItem'>['facts']) {
  const has = (amount: string | undefined, fee = NOTHING) =>
    amount === undefined ? t('queue.nothing') : t('queue.withFee', { amount, fee });
  const about = [facts['category'], facts['payment_intent']].filter((part) => part !== undefined).join(', ');
  return {
    about: about === '' ? NOTHING : about,
    status: textWords(t, facts['status'] ?? NOTHING),
    stripe: has(facts['stripe_amount'], facts['stripe_fee']),
    ours: has(facts['ledger_amount'], facts['ledger_fee']),
  };
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
