// What happened to a top-up, from its own stream and from its account's. The account's stream may be long, so only the places are read at which
// the read models say that something happened.
import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import {
  type AccountEvent,
  accountStream,
  eventsSince,
  type Posting,
  postings,
  readAccountEvent,
} from '../../ledger/index.js';
import { paymentPostings } from '../postings.js';
import { REFUND_EVENTS } from '../refunds/refunds.projection.js';
import {
  readTopupEvent,
  type TopupEventType,
  topupEventSchemas,
  topupOfStream,
  topupStream,
} from '../topups/topup.events.js';

const OF_ACCOUNT = [
  'CreditPurchased',
  'CreditExpired',
  ...REFUND_EVENTS,
  'DisputeOpened',
  'DisputeFundsWithdrawn',
  'DisputeFundsReinstated',
  'DisputeClosed',
] as const satisfies readonly AccountEvent['type'][];

export type StoryEventType = TopupEventType | (typeof OF_ACCOUNT)[number];
export const STORY_EVENTS: readonly StoryEventType[] = [
  ...(Object.keys(topupEventSchemas) as TopupEventType[]),
  ...OF_ACCOUNT,
];

/** Events that are read from an instant on. What follows from one thing follows within a few events. */
const READ_FROM_INSTANT = 50;

export interface StoryEvent {
  readonly recorded: RecordedEvent;
  readonly type: StoryEventType;
  readonly postings: readonly Posting[];
}

/** What a top-up's events in its account name. */
export interface StoryOf {
  readonly topupId: string;
  readonly accountId: string;
  /** Ids of its refunds and disputes. */
  readonly related: readonly string[];
  /** Instants at which its account has events about it (ISO 8601). */
  readonly instants: readonly string[];
}

/** Everything that happened, in the order of the log. */
export async function topupStory(store: EventStore, story: StoryOf): Promise<StoryEvent[]> {
  const found = new Map<number, StoryEvent>();
  for await (const recorded of eventsOf(store, topupStream(story.topupId)))
    found.set(recorded.position, told(recorded));
  for (const instant of new Set(story.instants))
    for (const recorded of await accountEventsAt(store, story, instant)) found.set(recorded.position, told(recorded));
  return [...found.values()].toSorted((a, b) => a.recorded.position - b.recorded.position);
}

async function accountEventsAt(store: EventStore, story: StoryOf, instant: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let read = 0;
  for await (const recorded of eventsSince(store, accountStream(story.accountId), instant)) {
    if (isAbout(story, recorded)) events.push(recorded);
    if (++read === READ_FROM_INSTANT) break;
  }
  return events;
}

const isAbout = ({ topupId, related }: StoryOf, { type, data }: RecordedEvent): boolean =>
  OF_ACCOUNT.some((each) => each === type) &&
  (data['lotId'] === topupId || related.some((id) => id === data['refundId'] || id === data['disputeId']));

function told(recorded: RecordedEvent): StoryEvent {
  const type = recorded.type as StoryEventType;
  if (topupOfStream(recorded.stream) !== undefined)
    return { recorded, type, postings: paymentPostings(readTopupEvent(recorded)) };
  return { recorded, type, postings: postings(readAccountEvent(recorded)) };
}

/** The first of these fields that an event has. */
export const firstText = (data: JsonObject, ...fields: readonly string[]): string | null => {
  const value = fields.map((field) => data[field]).find((each) => typeof each === 'string');
  return typeof value === 'string' ? value : null;
};
