// What /api takes and answers about the operator's queue.
import { usd } from '../../kernel/index.js';
import {
  EnumField,
  FromDigits,
  IntegerField,
  ListQuery,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
  UsdField,
  ROLES,
  type Role,
} from '../../platform/http/index.js';
import { ApiExtraModels } from '#openapi';
import { COUNTS, type Count } from '../charges/hand-charges.js';
import { CHOICE_INPUTS, type ChoiceInput } from './choice.js';
import { type Effect, sentenceOf } from './effect.js';
import { MOST_COUNTED, type QueueFilter } from './operator-queue.js';
import { inputsOf, type PreviewedChoice } from './queue-choices.js';
import { QUEUE_KINDS, type QueueItem as Item, type QueueKind } from './queue-item.js';

const AccountId = () => TextField('of this account only', { min: 1, max: 100, optional: true });

export class QueueCountsQuery {
  @AccountId()
  readonly account_id?: string;
}

export class QueueQuery extends ListQuery {
  @EnumField('what waits; every kind without it', QUEUE_KINDS, { optional: true })
  readonly kind?: QueueKind;

  @AccountId()
  readonly account_id?: string;
}

export const filterOf = ({ kind, account_id: accountId }: QueueQuery): QueueFilter => ({ kind, accountId });

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

class QueueCount {
  @ShownEnum(QUEUE_KINDS)
  readonly kind!: QueueKind;

  @ShownInteger(`how many; ${MOST_COUNTED} also stands for more`)
  readonly count!: number;
}

export class QueueCounts {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(QueueCount, 'one for each kind', { isArray: true })
  readonly data!: QueueCount[];
}

class QueueDismissal {
  @Shown('who')
  readonly by!: string;

  @Shown('why')
  readonly reason!: string;

  @Shown('when (ISO 8601)')
  readonly at!: string;
}

class QueueCredit {
  @ShownUsd('what is proposed')
  readonly amount!: string;

  @Shown('who proposed it')
  readonly requested_by!: string;

  @Shown('why')
  readonly reason!: string;

  @ShownOrNull('who approved it')
  readonly approved_by!: string | null;
}

@ApiExtraModels(QueueDismissal, QueueCredit)
export class QueueItem {
  @Shown()
  readonly id!: string;

  @ShownAlways('queue_item')
  readonly object!: 'queue_item';

  @ShownEnum(QUEUE_KINDS)
  readonly kind!: QueueKind;

  @ShownEnum(['open', 'dismissed', 'settled'], 'whether it waits')
  readonly status!: 'open' | 'dismissed' | 'settled';

  @ShownOrNull()
  readonly account_id!: string | null;

  @ShownOrNull('since when it waits (ISO 8601)')
  readonly since!: string | null;

  @ShownOrNull('until when something can be done (ISO 8601)')
  readonly due_at!: string | null;

  @Shown('what is known, for people')
  readonly known!: string;

  @Shown('how it stands; a choice can be tied to it')
  readonly state!: string;

  @ShownObjectOrNull(QueueDismissal, 'who dismissed it as it stands')
  readonly dismissed!: QueueDismissal | null;

  @ShownObjectOrNull(QueueCredit, 'credit that is proposed for it')
  readonly credit!: QueueCredit | null;

  @Shown('what can be done', { type: [String] })
  readonly choices!: string[];
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

export const showItem = (item: Item, choices: readonly string[]): QueueItem => ({
  id: item.id,
  object: 'queue_item',
  kind: item.kind,
  status: statusOf(item),
  account_id: item.accountId ?? null,
  since: item.since ?? null,
  due_at: item.dueAt ?? null,
  known: item.known,
  state: item.state,
  dismissed: item.dismissed ? { by: item.dismissed.by, reason: item.dismissed.reason, at: item.dismissed.at } : null,
  credit: item.credit
    ? {
        amount: item.credit.amount,
        requested_by: item.credit.by,
        reason: item.credit.reason,
        approved_by: item.credit.approvedBy ?? null,
      }
    : null,
  choices: [...choices],
});

function statusOf({ open, dismissed }: Item): QueueItem['status'] {
  if (open) return 'open';
  return dismissed === undefined ? 'settled' : 'dismissed';
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
