// Disputes: https://docs.stripe.com/disputes/how-disputes-work. An inquiry is only a question; a dispute takes the
// money until it is won.
import type Stripe from 'stripe';
import { refusal } from '../errors.js';
import { book, disputeFee } from '../money.js';
import { noEvidence } from '../objects/evidence.js';
import { type World, snapshot } from '../world.js';

export interface DisputeFields {
  /** In minor units of the charge's currency; by default the whole charge. */
  readonly amount?: number | undefined;
  /** The bank only inquires, which takes no money. */
  readonly inquiry?: boolean | undefined;
  readonly reason?: string | undefined;
}

const ANSWER_WITHIN_S = 9 * 86_400;

/** The bank disputes a charge, or the charge of a payment intent. @throws StripeFailure 400 when it can't. */
export function dispute(world: World, chargeOrIntent: string, fields: DisputeFields = {}): Stripe.Dispute {
  const charge = chargeOf(world, chargeOrIntent);
  const { amount = charge.amount, inquiry = false, reason = 'fraudulent' } = fields;
  if (charge.status !== 'succeeded') throw refusal(undefined, `Charge ${charge.id} is ${charge.status}.`);
  if (amount < 1 || amount > charge.amount - takenFrom(world, charge))
    throw refusal(undefined, 'The disputed amounts can’t exceed the charge.', 'amount');
  const made: Stripe.Dispute = {
    id: world.newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: world.now() + ANSWER_WITHIN_S,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...networkOf(charge, inquiry),
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  };
  world.store.add('dispute', made);
  charge.disputed = true;
  if (!inquiry) withdraw(world, made);
  world.emit('charge.dispute.created', made);
  if (!inquiry) world.emit('charge.dispute.funds_withdrawn', made);
  return made;
}

/** An inquiry becomes a dispute. @throws StripeFailure 400 when it is not an open inquiry. */
export function escalate(world: World, id: string): Stripe.Dispute {
  const made = world.store.get('dispute', id);
  if (!isInquiry(made)) throw refusal(undefined, `This dispute is not an open inquiry: it is ${made.status}.`);
  const before = { is_charge_refundable: true, status: made.status };
  Object.assign(made, { is_charge_refundable: false, status: 'needs_response' });
  withdraw(world, made);
  world.emit('charge.dispute.updated', made, before);
  world.emit('charge.dispute.funds_withdrawn', made);
  return made;
}

/** What of a charge is disputed, or was and is lost; a charge may have several disputes. */
const takenFrom = (world: World, { id }: Stripe.Charge): number =>
  world.store
    .all('dispute')
    .filter(({ charge, status }) => charge === id && status !== 'won' && status !== 'warning_closed')
    .reduce((sum, { amount }) => sum + amount, 0);

/**
 * The bank decides, after an appeal also that one is won that was lost. `partial` is the returned part of a won dispute, in minor units of the charge's currency. Closing
 * an inquiry moves no money.
 * @throws StripeFailure 400 when it is closed.
 */
export function closeDispute(
  world: World,
  id: string,
  outcome: 'won' | 'lost',
  { partial }: { readonly partial?: number | undefined } = {},
): Stripe.Dispute {
  const made = world.store.get('dispute', id);
  const back = partial ?? made.amount;
  const isAppeal = made.status === 'lost' && outcome === 'won';
  if (!isOpen(made) && !isAppeal) throw refusal(undefined, `This dispute is already ${made.status}.`);
  if (back < 1 || back > made.amount)
    throw refusal(undefined, 'The returned amount can’t exceed the disputed one.', 'partial');
  const inquiry = isInquiry(made);
  const before = { status: made.status };
  made.status = inquiry ? 'warning_closed' : outcome;
  const isWon = made.status === 'won';
  if (isWon) {
    reinstate(world, made, back);
    made.is_charge_refundable = true;
    world.emit('charge.dispute.funds_reinstated', made);
  }
  world.emit('charge.dispute.closed', made, before);
  return made;
}

/** Stores evidence, or submits it. @throws StripeFailure 400 when the dispute is closed. */
export function answerDispute(
  world: World,
  id: string,
  { evidence, submit }: { readonly evidence: Partial<Stripe.Dispute.Evidence>; readonly submit: boolean },
): Stripe.Dispute {
  const made = world.store.get('dispute', id);
  if (!isOpen(made)) throw refusal(undefined, `This dispute is already closed: it is ${made.status}.`);
  const before = snapshot({ evidence: made.evidence, evidence_details: made.evidence_details, status: made.status });
  Object.assign(made.evidence, evidence);
  const { evidence_details: details } = made;
  details.has_evidence = Object.values(made.evidence).some((value) => typeof value === 'string');
  if (submit) {
    details.submission_count += 1;
    details.submission_method = 'manual';
    made.status = isInquiry(made) ? 'warning_under_review' : 'under_review';
  }
  world.emit('charge.dispute.updated', made, before);
  return made;
}

/** The card network's reason code; other methods have none. */
function networkOf(charge: Stripe.Charge, inquiry: boolean): Pick<Stripe.Dispute, 'payment_method_details'> {
  if (charge.payment_method_details?.type !== 'card') return {};
  const type = inquiry ? 'inquiry' : 'chargeback';
  const card = { brand: 'visa', case_type: type, network: 'visa', network_reason_code: '10' } as const;
  return { payment_method_details: { type: 'card', card } };
}

const isInquiry = ({ status }: Stripe.Dispute): boolean =>
  status === 'warning_needs_response' || status === 'warning_under_review';

const isOpen = (made: Stripe.Dispute): boolean =>
  isInquiry(made) || made.status === 'needs_response' || made.status === 'under_review';

function chargeOf(world: World, id: string): Stripe.Charge {
  if (!id.startsWith('pi_')) return world.store.get('charge', id);
  return world.store.get('charge', String(world.store.get('payment_intent', id).latest_charge));
}

function withdraw(world: World, made: Stripe.Dispute): void {
  const what = {
    category: 'dispute',
    amount: -made.amount,
    fees: disputeFee,
    description: `Chargeback withdrawal for ${String(made.charge)}`,
  };
  made.balance_transactions.push(bookDispute(world, made, what));
}

function reinstate(world: World, made: Stripe.Dispute, amount: number): void {
  const what = { category: 'dispute_reversal', amount, description: `Chargeback reversal for ${String(made.charge)}` };
  made.balance_transactions.push(bookDispute(world, made, what));
}

const bookDispute = (
  world: World,
  { id, currency }: Stripe.Dispute,
  what: { category: string; amount: number; fees?: typeof disputeFee; description: string },
): Stripe.BalanceTransaction => book(world, { type: 'adjustment', source: id, currency, ...what });
