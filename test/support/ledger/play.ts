// Plays a history of an account, on the account and on the model of it side by side.
import { Rejection } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { AccountEvent } from '../../../src/ledger/account.events.js';
import { account } from '../../../src/ledger/account.js';
import { type AccountState, turnAt } from '../../../src/ledger/account.state.js';
import { AccountModel } from './account-model.js';
import { DAY, issueKey, NOON, openAccount, purchase } from './commands.js';
import { expectValid } from './decider-spec.js';
import type { Step } from './histories.js';
import { expire } from './model-expiry.js';

/** A command as it is made by who knows the account's state; one that comes again stays as it was. */
const made = (command: AccountCommand, state: AccountState): AccountCommand =>
  command.type === 'PlaceHold' ? { ...command, turn: turnAt(state, command.at) } : command;

export interface Moment {
  readonly command: AccountCommand;
  /** None when the command was refused, or had nothing new to say. */
  readonly events: readonly AccountEvent[];
  readonly refusal: Rejection | undefined;
  readonly before: AccountState;
  readonly state: AccountState;
  readonly model: AccountModel;
  /** Whether the model says that the command changes something. */
  readonly expected: boolean;
  /** What the model finds wrong with an expiry. */
  readonly fault: string | undefined;
}

export interface Played {
  readonly events: readonly AccountEvent[];
  readonly executed: readonly AccountCommand[];
  readonly state: AccountState;
}

/** Plays a history on the account and on the model side by side. */
export function play(steps: readonly Step[], observe: (moment: Moment) => void = () => {}): Played {
  const model = new AccountModel();
  const events: AccountEvent[] = [];
  const executed: AccountCommand[] = [];
  let state = account.initial();
  const perform = (command: AccountCommand) => {
    const before = structuredClone(state);
    const outcome = account.decide(command, state);
    const refusal = outcome instanceof Rejection ? outcome : undefined;
    const decided = outcome instanceof Rejection ? [] : outcome;
    decided.forEach(expectValid);
    state = decided.reduce((folded, event) => account.evolve(folded, event), state);
    events.push(...decided);
    if (decided.length > 0) executed.push(command);
    const expiry = command.type === 'ExpireCredit';
    const fault = expiry ? expire(model, decided, command.at) : undefined;
    const expected = expiry ? decided.length > 0 : model.execute(command);
    observe({ command, events: decided, refusal, before, state, model, expected, fault });
  };
  let now = NOON;
  perform(openAccount({ at: now }));
  perform(issueKey('k0', {}, { at: now }));
  perform(issueKey('k1', { budgetDaily: '1.00', budgetMonthly: '3.00' }, { at: now }));
  perform(purchase('first', '0.25', { at: now, expiresAt: now + 100_000 * DAY }));
  for (const [fresh, { waitMs, behindMs, act: next }] of steps.entries()) {
    now += waitMs;
    const command = next({ at: now - behindMs, model, executed, fresh });
    if (command !== undefined) perform(executed.includes(command) ? command : made(command, state));
  }
  return { events, executed, state };
}
