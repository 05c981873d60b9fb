import type { Rejection } from './rejection.js';

/**
 * A pure decision maker (the decider pattern). `decide` neither changes the state nor reads a clock, makes an id or does I/O.
 * `evolve` owns the state it is given and returns it advanced: callers keep only what it returns. Impossible history throws.
 */
export interface Decider<State, Command, Event> {
  initial(): State;
  decide(command: Command, state: State): readonly Event[] | Rejection;
  evolve(state: State, event: Event): State;
}

/** What every command has. */
export interface Issued {
  readonly commandId: string;
  /** When it was issued, in epoch milliseconds. */
  readonly at: number;
}

/** Commands without what they get when they are issued. */
export type Unissued<Command> = Command extends unknown ? Omit<Command, keyof Issued> : never;
