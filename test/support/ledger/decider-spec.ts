// Given/when/then for the account decider: given what has happened, when a command comes, then these events or this refusal.
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { Rejection } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import { type AccountEvent, accountEventSchemas } from '../../../src/ledger/account.events.js';
import { account } from '../../../src/ledger/account.js';
import type { AccountState } from '../../../src/ledger/account.state.js';

/** What has happened: events, or commands that were accepted. */
export type Past = AccountEvent | AccountCommand;

/** What an event must carry; a field that is `undefined` must be absent. */
export interface Expected {
  readonly type: AccountEvent['type'];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Every event that is decided must be one its schema accepts. */
export function expectValid({ type, data }: AccountEvent): void {
  const { error } = accountEventSchemas[type].safeParse(data);
  if (error !== undefined) throw new Error(`${type} does not match its schema: ${error.message}`);
}

/** Decides a command, checks that deciding changed nothing, and folds what was decided. */
function run(
  state: AccountState,
  command: AccountCommand,
): { state: AccountState; outcome: readonly AccountEvent[] | Rejection } {
  const before = structuredClone(state);
  const outcome = account.decide(command, state);
  expect(isDeepStrictEqual(state, before), `${command.type} is decided without changing the state`).toBe(true);
  if (outcome instanceof Rejection) return { state, outcome };
  outcome.forEach(expectValid);
  return { state: outcome.reduce((folded, event) => account.evolve(folded, event), state), outcome };
}

function happen(state: AccountState, past: Past): AccountState {
  if ('data' in past) {
    expectValid(past);
    return account.evolve(state, past);
  }
  const { state: next, outcome } = run(state, past);
  if (outcome instanceof Rejection)
    throw new Error(`given: ${past.type} is refused: ${outcome.code}: ${outcome.message}`);
  return next;
}

export const given = (...past: readonly Past[]) => {
  const state = past.reduce(happen, account.initial());
  return {
    state,
    when(command: AccountCommand) {
      const { outcome, state: next } = run(state, command);
      return {
        outcome,
        state: next,
        emits: (...expected: readonly Expected[]) => expectEvents(outcome, expected),
        emitsNothing: () => expectEvents(outcome, []),
        refuses: (code: string, details?: Readonly<Record<string, string>>) => expectRefusal(outcome, code, details),
      };
    },
  };
};

type Outcome = readonly AccountEvent[] | Rejection;

function expectEvents(outcome: Outcome, expected: readonly Expected[]): void {
  const events = outcome instanceof Rejection ? `refused: ${outcome.code}` : outcome.map(({ type }) => type);
  expect(events).toEqual(expected.map(({ type }) => type));
  for (const [index, event] of (outcome as readonly AccountEvent[]).entries()) {
    const data = event.data as Readonly<Record<string, unknown>>;
    for (const [field, value] of Object.entries(expected[index]?.data ?? {})) {
      if (value === undefined) expect(data).not.toHaveProperty(field);
      else expect(data[field], `${event.type}.${field}`).toEqual(value);
    }
  }
}

function expectRefusal(outcome: Outcome, code: string, details: Readonly<Record<string, string>> = {}): void {
  const refusal = outcome instanceof Rejection ? outcome : undefined;
  expect(refusal?.code ?? outcome).toBe(code);
  expect(refusal?.message).toMatch(/^[A-Z].*\.$/);
  expect(refusal?.details).toMatchObject(details);
}
