// References make commands idempotent: one that was interrupted after its commit can be sent again with the same reference. Pure.
import { refuse, type Rejection } from '../kernel/index.js';
import type { Referenced } from './account.entities.js';
import type { AccountState } from './account.state.js';

/** No events when the reference created the same before, a refusal when it created something else, undefined when it is new. */
export function madeBefore(
  state: AccountState,
  reference: string | undefined,
  { type, facts }: Pick<Referenced, 'type' | 'facts'>,
): readonly [] | Rejection | undefined {
  const before = reference === undefined ? undefined : state.references.get(reference);
  if (reference === undefined || before === undefined) return undefined;
  const same = before.type === type && Object.entries(facts).every(([name, value]) => before.facts[name] === value);
  return same ? [] : referenceTaken(reference, before);
}

const referenceTaken = (reference: string, { type, id, facts }: Referenced): Rejection => {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const words = known.map(([name, value]) => `${name} ${value}`).join(', ');
  return refuse(
    'conflict',
    'reference_taken',
    `The reference "${reference}" made something else on this account: ${type} ${id}${words && ` (${words})`}. Use another reference.`,
    { id },
  );
};

export function noteReference(state: AccountState, reference: string | undefined, made: Referenced): void {
  if (reference === undefined) return;
  if (state.references.has(reference)) throw new Error(`impossible history: reference ${reference} was used before`);
  state.references.set(reference, made);
}
