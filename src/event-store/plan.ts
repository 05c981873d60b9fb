// What a batch of commands comes to: pure, apart from `evolve`, which advances the state in place.
import { chainHash, type Decider, eventId, Rejection } from '../kernel/index.js';
import { appendBytes, jsonOf, MAX_APPEND_BYTES, toText } from './appendable.js';
import type { DomainEvent } from './codec.js';
import { AppendRefused, type NewEvent } from './event-store.js';
import type { Snapshot } from './snapshots.js';

export type Outcome<Event> = readonly Event[] | Rejection;

/** A command and who waits for what it comes to. */
export interface Pending<Command, Event> {
  readonly command: Command;
  readonly resolve: (outcome: Outcome<Event>) => void;
  readonly reject: (error: unknown) => void;
}

export interface Plan<State, Event> {
  /** How many commands are in it, from the first on: one append may not take them all. */
  readonly commands: number;
  readonly events: readonly Event[];
  /** The events as they are to be appended. */
  readonly records: readonly NewEvent[];
  /** Where the stream is then. */
  readonly end: Snapshot<State>;
  /** Answers the commands that are in it, once the records are durable. */
  readonly answer: () => void;
}

/** A command's events as they go into the stream. */
interface Link {
  readonly records: readonly NewEvent[];
  readonly hash: string;
  readonly bytes: number;
}

/** Decides commands one after another, each on what those before it came to, for as long as it all goes into one append. */
export function plan<State, Command extends { readonly commandId: string }, Event extends DomainEvent>(
  stream: string,
  decider: Decider<State, Command, Event>,
  start: Snapshot<State>,
  batch: readonly Pending<Command, Event>[],
): Plan<State, Event> {
  const events: Event[] = [];
  const records: NewEvent[] = [];
  const answers: (() => void)[] = [];
  let { state, revision, hash } = start;
  let bytes = 0;
  for (const { command, resolve, reject } of batch) {
    let outcome: Outcome<Event>;
    let link: Link;
    try {
      outcome = decider.decide(command, state);
      link = chain(stream, command.commandId, outcome instanceof Rejection ? [] : outcome, { revision, hash });
    } catch (error) {
      answers.push(() => reject(error));
      continue;
    }
    if (bytes + link.bytes > MAX_APPEND_BYTES) break;
    answers.push(() => resolve(outcome));
    if (outcome instanceof Rejection) continue;
    for (const event of outcome) state = decider.evolve(state, event);
    events.push(...outcome);
    records.push(...link.records);
    revision += link.records.length;
    hash = link.hash;
    bytes += link.bytes;
  }
  const answer = (): void => answers.forEach((each) => each());
  return { commands: answers.length, events, records, end: { state, revision, hash }, answer };
}

/** @throws AppendRefused when no append could take them; Error when data has no canonical JSON. */
function chain(
  stream: string,
  commandId: string,
  events: readonly DomainEvent[],
  { revision, hash }: { readonly revision: number; readonly hash: string },
): Link {
  let last = hash;
  const records = events.map(({ type, data }, index): NewEvent => {
    const id = eventId(stream, commandId, index, jsonOf(type, data));
    last = chainHash(last, { stream, revision: revision + 1 + index, type, id, data });
    return { id, type, data, metadata: { hash: last } };
  });
  const bytes = appendBytes(records.map(toText));
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRefused(`a command on ${stream} comes to ${bytes} bytes; ${MAX_APPEND_BYTES} is the most`);
  }
  return { records, hash: last, bytes };
}
