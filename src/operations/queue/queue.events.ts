// The events of what waits for a person, stream `queue-<itemId>`: decisions that belong to no stream of the ledger. A decision that moves money,
// or that another stream is about, is recorded there. They are contracts: a change of shape needs a version and an upcaster.
import { z } from 'zod';
import { type EventOf, id, instant, recordedAt as at, text, usd } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const item = {
  itemId: id('what it is about: a charge, a top-up, a dispute, a webhook …'),
  kind: id('why it waited'),
};
const by = id('who: a user id');
const reason = text('why');

export const queueEventSchemas = {
  QueueItemDismissed: z
    .strictObject({
      ...item,
      state: text('how it stood: it waits again once it stands otherwise'),
      by,
      reason,
      at,
    })
    .describe('Somebody decided that there is nothing to do about it.'),
  QueueChoiceMade: z
    .strictObject({ ...item, choice: id('what was chosen'), by, reason, at })
    .describe('Somebody did something about it that no other stream tells to be about it.'),
  QueueCreditProposed: z
    .strictObject({
      ...item,
      accountId: id('the account'),
      amount: usd('the credit; of a correction by hand, negative where it takes credit away'),
      servedAt: instant(
        'of a correction by hand: when what it corrects was earned; when it is booked without it',
      ).optional(),
      by,
      reason,
      at,
    })
    .describe(
      'Somebody proposes to give credit for it, or, of the kind `proposed_adjustment`, to correct a balance by hand; someone else has to approve.',
    ),
  QueueCreditApproved: z
    .strictObject({ itemId: item.itemId, approvedBy: by, reason, at })
    .describe(
      'A second person agreed. The account has it as `BalanceAdjusted`, with the stream’s name as its reference.',
    ),
  QueueCreditDeclined: z.strictObject({ itemId: item.itemId, by, reason, at }).describe('The proposal is off.'),
};

type Schemas = typeof queueEventSchemas;
export type QueueEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type QueueEvent = EventOf<Schemas>;

const PREFIX = 'queue-';

export const queueStream = (itemId: string): string => `${PREFIX}${itemId}`;

/** The item of a stream; undefined for a stream of another kind. */
export const itemOfStream = idAfter(PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const queueUpcasters: Upcasters = {};

export const readQueueEvent = (recorded: RecordedEvent) => readEvent(queueUpcasters, recorded) as QueueEvent;
