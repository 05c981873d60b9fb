// Decides a batch of commands. Pure, except that `evolve` advances the state in place.
import { chainHash, type Decider, eventId, GENESIS, Rejection } from '../kernel/index.js';
import { jsonOf, MAC_BYTES, MAX_APPEND_BYTES, sizeOnDisk } from './appendable.js';
import type { DomainEvent } from './codec.js';
import { AppendRefused, type NewEvent } from './event-store.js';
import type { Snapshot } from './snapshots.js';

export type Decided<Event> = readonly Event[] | Rejection;

/** A command with the promise its caller waits on. */
export interface Pending<Command, Event> {
  readonly command: Command;
  readonly resolve: (outcome: Decided<Event>) => void;
  readonly reject: (error: unknown) => void;
}

export interface Plan<State, Event> {
  /** Number of commands in this append, counted from the first: one append may not have room for all. */
  readonly commands: number;
  readonly events: readonly Event[];
  /** The events to append. */
  readonly records: readonly NewEvent[];
  /** The state and revision after the append. */
  readonly end: Snapshot<State>;
  /** Answers these commands. Call it once the records are durable. */
  readonly answer: () => void;
}

/** The events of a command as stored in the stream. */
interface Link {
  readonly records: readonly NewEvent[];
  readonly hash: string;
  readonly bytes: number;
}

/** The metadata of every event here, with room for what authenticates it. */
const METADATA_BYTES = JSON.stringify({ hash: GENESIS }).length + MAC_BYTES;

/**
 * Decides commands in order, each on the state the previous ones left, for as many as one append has room for.
 * @throws what `evolve` throws for an impossible event: the state is half-changed then, and nothing may be appended
 */
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
    let outcome: Decided<Event>;
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

/** @throws AppendRefused when no append has room for them; Error when data has no canonical JSON. */
function chain(
  stream: string,
  commandId: string,
  events: readonly DomainEvent[],
  { revision, hash }: { readonly revision: number; readonly hash: string },
): Link {
  let last = hash;
  let bytes = 0;
  const records = events.map(({ type, data }, index): NewEvent => {
    const dataText = jsonOf(type, data);
    const id = eventId(stream, commandId, index, dataText);
    bytes += sizeOnDisk(type, dataText) + METADATA_BYTES;
    last = chainHash(last, { stream, revision: revision + 1 + index, type, id, data });
    return { id, type, data, dataText, metadata: { hash: last } };
  });
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRefused(
      `a command on ${stream} makes events of ${bytes} bytes; the maximum is ${MAX_APPEND_BYTES}`,
    );
  }
  return { records, hash: last, bytes };
}
