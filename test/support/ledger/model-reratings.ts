// What the model of an account knows of charges that are priced again.
import { derivedId } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { AccountModel } from './account-model.js';
import type { ModelTaken } from './model-shapes.js';

/** Less goes back where it came from, the debt first; more is taken as far as the policy lets it. */
export function rerate(
  model: AccountModel,
  command: Extract<AccountCommand, { type: 'RerateCharge' }>,
  at: number,
): boolean {
  const { chargeId, runId, seen, due, policy } = command;
  const call = model.calls.get(chargeId);
  if (seen !== model.reratings || call?.status !== 'charged') return false;
  const before = call.cost;
  if (due > before) {
    const free = model.available(at) > 0n ? model.available(at) : 0n;
    const more = policy === 'absorb' ? 0n : policy === 'bill' || due - before < free ? due - before : free;
    call.taken = [...call.taken, ...model.take(more, at)];
    call.cost += more;
  }
  for (; call.cost > due;) {
    const last = call.taken.find(({ lot }) => lot === undefined) ?? call.taken.at(-1);
    if (last === undefined) throw new Error('more goes back than was taken');
    const part = last.amount < call.cost - due ? last.amount : call.cost - due;
    give(model, { lot: last.lot, amount: part }, `${runId}/${chargeId}`, at);
    const place = call.taken.indexOf(last);
    call.taken = call.taken.toSpliced(
      place,
      1,
      ...(part < last.amount ? [{ ...last, amount: last.amount - part }] : []),
    );
    call.cost -= part;
  }
  model.charged += call.cost - before;
  const changed = due !== before || command.providerCost !== command.previousProviderCost;
  if (changed) model.reratings++;
  return changed;
}

function give(model: AccountModel, { lot, amount }: ModelTaken, name: string, at: number): void {
  const covered = lot !== undefined ? 0n : amount < model.debt ? amount : model.debt;
  model.debt -= covered;
  const refunded = [...model.refunds.values()].some((each) => each.lot === lot && each.status !== 'failed');
  if (lot !== undefined && lot.expiresAt > at && !refunded) lot.left += amount;
  else if (amount > covered)
    succeed(model, { lot, amount: amount - covered }, derivedId(`${name}/${lot?.id ?? 'debt'}`), at);
}

function succeed(model: AccountModel, { lot, amount }: ModelTaken, id: string, createdAt: number): void {
  const known = model.lots.findIndex((each) => each.id === id);
  const before = model.lots[known];
  const made = {
    id,
    bonus: lot?.bonus ?? false,
    createdAt,
    expiresAt: yearAfter(createdAt),
    successor: true as const,
  };
  const whole = amount + (before?.amount ?? 0n);
  const next = { ...made, amount: whole, left: amount + (before?.left ?? 0n) };
  if (before === undefined) model.lots.push(next);
  else model.lots[known] = next;
}

function yearAfter(at: number): number {
  const date = new Date(at);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}
