// A negative balance: new credit, and credit that comes back or ends, pays it off before anything else.
import { type Amount, min, subtract, usd } from '../kernel/index.js';
import type { AccountState } from './account.state.js';
import { unlessZero } from './lots.js';

/** The field of an event with the part of its credit that pays off the debt; no field where there is none. */
export const coveredDebt = ({ debt }: Pick<AccountState, 'debt'>, amount: Amount): { coveredDebt?: string } =>
  unlessZero('coveredDebt', min(debt, amount));

/** Takes what an event paid off from the debt, and returns it. @throws Error when there was less */
export function payOff(state: AccountState, covered: string | undefined, what: string): Amount {
  const amount = usd(covered ?? '0');
  if (amount > state.debt) throw new Error(`impossible history: ${what} covers more debt than there is`);
  state.debt = subtract(state.debt, amount);
  return amount;
}
