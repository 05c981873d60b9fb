// A kind of stream whose events are booked: how to read, fold and book them. Verification and the journal, which walk the whole log, need
// no more than this.
import type { DomainEvent, RecordedEvent } from '../event-store/index.js';
import type { Decider } from '../kernel/index.js';
import { account } from './account.js';
import { accountOfStream, readAccountEvent } from './account.events.js';
import type { Posting } from './books.js';
import { postings } from './postings.js';

export interface BookedStream {
  /** Whether a stream is of this kind. */
  owns(stream: string): boolean;
  initial(): unknown;
  /** The state after an event. @throws Error on impossible history */
  evolve(state: unknown, event: RecordedEvent): unknown;
  /** The postings of an event; empty when it moves no money. */
  postings(event: RecordedEvent): Posting[];
}

interface Kind<State, Event> {
  readonly idOf: (stream: string) => string | undefined;
  readonly read: (event: RecordedEvent) => Event;
  readonly decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>;
  readonly postings: (event: Event) => Posting[];
}

export const bookedStream = <State, Event extends DomainEvent>(kind: Kind<State, Event>): BookedStream => ({
  owns: (stream) => kind.idOf(stream) !== undefined,
  initial: () => kind.decider.initial(),
  evolve: (state, event) => kind.decider.evolve(state as State, kind.read(event)),
  postings: (event) => kind.postings(kind.read(event)),
});

export const accountStreams = bookedStream({
  idOf: accountOfStream,
  read: readAccountEvent,
  decider: account,
  postings,
});
