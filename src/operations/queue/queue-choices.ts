import { Injectable } from '@nestjs/common';
import { Clock, newId, Refused, refuse } from '../../kernel/index.js';
import type { Role } from '../../platform/http/index.js';
import { HandCharges } from '../charges/hand-charges.js';
import { adjustmentChoices } from './adjustment-choices.js';
import { chargedChoices, expiredHoldChoices, usageUnknownChoices } from './charge-choices.js';
import type { Choice, ChoiceInput, ChoiceInputName, Chooser } from './choice.js';
import { type Effect, effectOf, refusedEffect } from './effect.js';
import { providerDifferenceChoices, stripeItemChoices } from './finance-choices.js';
import { type Hands, QueueHands } from './hands.js';
import {
  disputeChoices,
  fraudChoices,
  mismatchChoices,
  requestedRefundChoices,
  topupChoices,
  unsentRefundChoices,
  webhookChoices,
} from './payment-choices.js';
import type { ItemOf, QueueItem } from './queue-item.js';

/** A choice with what it would do; no effect where it must be told more first. */
export interface PreviewedChoice {
  readonly choice: Choice;
  readonly effect: Effect | undefined;
}

export interface Decision {
  readonly who: Chooser;
  readonly input: ChoiceInput;
  /** The roles of who chooses; undefined at the console of a ledger where nobody has registered yet. */
  readonly roles?: readonly Role[] | undefined;
  /** How the item stood when it was shown. */
  readonly state?: string | undefined;
}

/** What people can do about items of the queue: shown before it is done, by the code that does it. */
@Injectable()
export class QueueChoices {
  constructor(
    private readonly hands: QueueHands,
    private readonly charges: HandCharges,
    private readonly clock: Clock,
  ) {}

  /** What can be done about an item as it stands; nothing once it waits no longer. */
  of(item: QueueItem): Choice[] {
    return item.open ? this.#ofKind(item) : [];
  }

  /** Every choice, with what it would do if `by` made it with as much of the input as it takes. */
  async preview(item: QueueItem, by: string, input: ChoiceInput = {}): Promise<PreviewedChoice[]> {
    const previews: PreviewedChoice[] = [];
    for (const choice of this.of(item)) {
      const given = taken(choice, input);
      const isComplete = missing(choice, given).length === 0;
      previews.push({ choice, effect: isComplete ? await this.effect(choice, by, given) : undefined });
    }
    return previews;
  }

  /** What a choice would do; of a proposal, with what follows when somebody else approves it. @throws Refused `input_needed` */
  async effect(choice: Choice, by: string, input: ChoiceInput): Promise<Effect> {
    checkInput(choice, input);
    const work = async (hands: Hands): Promise<void> => {
      await choice.carryOut(hands, { by, reason: 'preview' }, input);
      await choice.thenApproved?.(hands, { approvedBy: newId(), reason: 'preview' });
    };
    try {
      const { hands, appended } = await this.hands.dryRun(work);
      if (appended.length === 0) throw new Refused(tooLate);
      return await effectOf({ before: this.hands.accounts(), after: hands.accounts, appended }, this.clock.now());
    } catch (error) {
      return refusedEffect(error);
    }
  }

  /** The choice of a name. @throws Refused `item_settled`, `choice_not_found` */
  find(item: QueueItem, name: string): Choice {
    const choices = this.of(item);
    if (choices.length === 0) throw new Refused(settled(item));
    const found = choices.find(({ choice }) => choice === name);
    if (found !== undefined) return found;
    const names = choices.map(({ choice }) => choice).join(', ');
    throw new Refused(refuse('not_found', 'choice_not_found', `This item has no choice "${name}" now, but ${names}.`));
  }

  /**
   * Carries a choice out and returns what it has recorded. The streams decide: of two people at once, one finds nothing left to decide.
   * @throws Refused `item_settled`, `item_changed`, `choice_not_found`, `role_required`, `input_needed`, or what its writer refuses
   */
  async choose(item: QueueItem, name: string, { who, input, roles, state }: Decision): Promise<Effect['events']> {
    if (state !== undefined && state !== item.state)
      throw new Refused(
        refuse(
          'conflict',
          'item_changed',
          `This item has changed: it stands at "${item.state}" now. Look at it again.`,
        ),
      );
    const choice = this.find(item, name);
    if (roles !== undefined && !roles.includes(choice.role))
      throw new Refused(
        refuse('forbidden', 'role_required', `Only users with the role ${choice.role} may choose this.`),
      );
    checkInput(choice, input);
    const { appended } = await this.hands.run(async (hands) => void (await choice.carryOut(hands, who, input)));
    if (appended.length === 0) throw new Refused(tooLate);
    return appended.map(({ stream, type }) => ({ stream, type }));
  }

  #ofKind(item: QueueItem): Choice[] {
    switch (item.kind) {
      case 'stopped_view':
        return this.hands.canRebuild ? [rebuilding(item)] : [];
      case 'open_dispute':
        return disputeChoices(item, this.clock);
      case 'fraud_warning':
        return fraudChoices(item, this.clock);
      case 'failed_webhook':
        return webhookChoices(item);
      case 'payment_mismatch':
        return mismatchChoices(item, this.clock);
      case 'expired_hold':
        return expiredHoldChoices(item, this.clock);
      case 'usage_unknown':
        return usageUnknownChoices(item, this.charges);
      case 'overage':
      case 'late_charge':
        return chargedChoices(item, this.clock);
      case 'proposed_adjustment':
        return adjustmentChoices(item, this.clock);
      case 'unsettled_topup':
        return topupChoices(item, this.clock);
      case 'requested_refund':
        return requestedRefundChoices(item);
      case 'unsent_refund':
        return unsentRefundChoices(item, this.clock);
      case 'stripe_item':
        return stripeItemChoices(item);
      case 'provider_difference':
        return providerDifferenceChoices(item);
    }
  }
}

const rebuilding = ({ id: itemId, kind }: ItemOf<'stopped_view'>): Choice => ({
  choice: 'rebuild',
  does: 'Its rows are made from the ledger again, as a job. The ledger does not change.',
  role: 'operator',
  carryOut: async ({ rebuild, decisions }, who) => {
    await rebuild(itemId, who.by);
    await decisions.execute({ type: 'NoteChoice', itemId, kind, choice: 'rebuild', ...who });
  },
});

const settled = ({ dismissed }: QueueItem) =>
  refuse(
    'conflict',
    'item_settled',
    dismissed === undefined
      ? 'This item waits no longer: it has been settled.'
      : `This item waits no longer: ${dismissed.by} has dismissed it (${dismissed.reason}).`,
  );

const tooLate = refuse(
  'conflict',
  'item_settled',
  'Somebody else was first: nothing is left to decide about this item.',
);

const GIVEN: Readonly<Record<ChoiceInputName, keyof ChoiceInput>> = {
  counts: 'counts',
  amount: 'amount',
  topup_id: 'topupId',
  evidence: 'evidence',
};

const missing = ({ needs = [] }: Choice, input: ChoiceInput): ChoiceInputName[] =>
  needs.filter((name) => input[GIVEN[name]] === undefined);

export const inputsOf = ({ needs = [], takes = [] }: Choice): readonly ChoiceInputName[] => [...needs, ...takes];

const taken = (choice: Choice, input: ChoiceInput): ChoiceInput =>
  Object.fromEntries(
    Object.entries(GIVEN)
      .filter(([name]) => inputsOf(choice).includes(name as ChoiceInputName))
      .map(([, field]) => [field, input[field]]),
  );

function checkInput(choice: Choice, input: ChoiceInput): void {
  const [first] = missing(choice, input);
  if (first !== undefined)
    throw new Refused(
      refuse('invalid', 'input_needed', `The choice ${choice.choice} needs ${first}.`, { input: first }),
    );
  const takes = inputsOf(choice);
  const extra = (Object.keys(GIVEN) as ChoiceInputName[]).find(
    (name) => input[GIVEN[name]] !== undefined && !takes.includes(name),
  );
  if (extra !== undefined)
    throw new Refused(
      refuse('invalid', 'input_unknown', `The choice ${choice.choice} takes no ${extra}.`, { input: extra }),
    );
}
