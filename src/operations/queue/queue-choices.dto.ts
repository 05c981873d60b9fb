// What /api takes and answers about choices of the operator's queue.
import { usd } from '../../kernel/index.js';
import {
  FromDigits,
  IntegerField,
  ReasonField,
  ROLES,
  type Role,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownObject,
  ShownObjectOrNull,
  ShownUsd,
  TextField,
  UsdField,
} from '../../platform/http/index.js';
import { ApiExtraModels } from '#openapi';
import { COUNTS, type Count } from '../charges/hand-charges.js';
import { CHOICE_INPUTS, type ChoiceInput } from './choice.js';
import { type Effect, sentenceOf } from './effect.js';
import { inputsOf, type PreviewedChoice } from './queue-choices.js';
import { QueueItem } from './queue.dto.js';

const Tokens = (count: Count): PropertyDecorator =>
  IntegerField(COUNTS[count], { min: 0, max: 999_999_999, optional: true });

/** What some choices take. */
export class ChoiceFields {
  @FromDigits()
  @Tokens('promptTokens')
  readonly prompt_tokens?: number;

  @FromDigits()
  @Tokens('cachedTokens')
  readonly cached_tokens?: number;

  @FromDigits()
  @Tokens('explicitCachedTokens')
  readonly explicit_cached_tokens?: number;

  @FromDigits()
  @Tokens('cacheWriteTokens')
  readonly cache_write_tokens?: number;

  @FromDigits()
  @Tokens('cacheWrite1hTokens')
  readonly cache_write_1h_tokens?: number;

  @FromDigits()
  @Tokens('completionTokens')
  readonly completion_tokens?: number;

  @FromDigits()
  @Tokens('reasoningTokens')
  readonly reasoning_tokens?: number;

  @UsdField('how much', { optional: true })
  readonly amount?: string;

  @TextField('the top-up it belongs to', { min: 1, max: 100, optional: true })
  readonly topup_id?: string;

  @TextField('where it is shown: a ticket, a letter, a page at Stripe', { min: 1, max: 2_000, optional: true })
  readonly evidence?: string;
}

export class MakeChoice extends ChoiceFields {
  @ReasonField()
  readonly reason!: string;

  @TextField('the `state` of the item as it was shown: 409 where it stands otherwise by now', {
    max: 2_000,
    optional: true,
  })
  readonly state?: string;
}

const GIVEN_AS: Readonly<Record<Count, keyof ChoiceFields>> = {
  promptTokens: 'prompt_tokens',
  cachedTokens: 'cached_tokens',
  explicitCachedTokens: 'explicit_cached_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  cacheWrite1hTokens: 'cache_write_1h_tokens',
  completionTokens: 'completion_tokens',
  reasoningTokens: 'reasoning_tokens',
};

export function inputOf(fields: ChoiceFields): ChoiceInput {
  const counts = Object.entries(GIVEN_AS).flatMap(([count, field]) => {
    const given = fields[field];
    return given === undefined ? [] : [[count, given] as const];
  });
  return {
    counts: counts.length === 0 ? undefined : Object.fromEntries(counts),
    amount: fields.amount === undefined ? undefined : usd(fields.amount),
    topupId: fields.topup_id,
    evidence: fields.evidence,
  };
}

class QueueEventShown {
  @Shown()
  readonly stream!: string;

  @Shown()
  readonly type!: string;
}

class QueuePosting {
  @Shown('of the chart of accounts')
  readonly account!: string;

  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('exact decimal; debits are positive')
  readonly amount!: string;
}

class QueueBalance {
  @Shown()
  readonly account_id!: string;

  @ShownUsd('the balance')
  readonly balance_before!: string;

  @ShownUsd('the balance after it')
  readonly balance_after!: string;

  @ShownUsd('what new calls can use')
  readonly available_before!: string;

  @ShownUsd('what new calls can use after it')
  readonly available_after!: string;
}

class QueueRefusal {
  @Shown()
  readonly code!: string;

  @Shown()
  readonly message!: string;
}

@ApiExtraModels(QueueRefusal)
export class QueueEffect {
  @Shown('what would change, for people')
  readonly summary!: string;

  @ShownObject(QueueEventShown, 'what would be recorded', { isArray: true })
  readonly events!: QueueEventShown[];

  @ShownObject(QueuePosting, 'what would be booked', { isArray: true })
  readonly postings!: QueuePosting[];

  @ShownObject(QueueBalance, 'the accounts that it is about', { isArray: true })
  readonly balances!: QueueBalance[];

  @ShownObjectOrNull(QueueRefusal, 'why it can’t be done now')
  readonly refused!: QueueRefusal | null;
}

@ApiExtraModels(QueueEffect)
export class QueueChoice {
  @Shown()
  readonly choice!: string;

  @Shown('what it does')
  readonly does!: string;

  @ShownEnum(ROLES, 'who may choose it')
  readonly role!: Role;

  @Shown('whether somebody else has to approve it; the effect is that of both')
  readonly second_person!: boolean;

  @ShownEnum(CHOICE_INPUTS, 'what it takes', { isArray: true })
  readonly takes!: string[];

  @ShownObjectOrNull(QueueEffect, 'what it would do; null where it must be told more')
  readonly effect!: QueueEffect | null;
}

export class QueueItemWithChoices extends QueueItem {
  @ShownObject(QueueChoice, 'each choice, with what it would do', { isArray: true })
  readonly previews!: QueueChoice[];
}

export class QueueOutcome {
  @ShownAlways('queue_outcome')
  readonly object!: 'queue_outcome';

  @ShownObject(QueueEventShown, 'what was recorded', { isArray: true })
  readonly events!: QueueEventShown[];

  @ShownObject(QueueItem, 'the item as it was shown when it was chosen')
  readonly item!: QueueItem;
}

export const showChoice = ({ choice, effect }: PreviewedChoice): QueueChoice => ({
  choice: choice.choice,
  does: choice.does,
  role: choice.role,
  second_person: choice.thenApproved !== undefined,
  takes: [...inputsOf(choice)],
  effect: effect === undefined ? null : showEffect(effect),
});

export const showEffect = (effect: Effect): QueueEffect => ({
  summary: sentenceOf(effect),
  events: [...effect.events],
  postings: [...effect.postings],
  balances: effect.balances.map(({ accountId, balance, available }) => ({
    account_id: accountId,
    balance_before: balance.before,
    balance_after: balance.after,
    available_before: available.before,
    available_after: available.after,
  })),
  refused: effect.refused ?? null,
});
