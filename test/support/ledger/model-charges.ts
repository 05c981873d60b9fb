// What the model of an account knows of what its keys spent.
import { isLine, type ModelKey } from './model-keys.js';
import { type ModelCharge, periods, total } from './model-shapes.js';

type Budget = keyof typeof periods;
const budgets = Object.keys(periods) as Budget[];

/** What a key and those it replaced spent; what a clock that was ahead charged counts as of now. */
export function spentOf(
  charges: readonly ModelCharge[],
  keys: ReadonlyMap<string, ModelKey>,
  keyId: string,
  budget: Budget,
  at: number,
): bigint {
  const period = periods[budget];
  const counted = charges.filter(
    (each) => isLine(keys, each.keyId, keyId) && period(Math.min(each.at, at)) === period(at) && !each.over.has(budget),
  );
  return total(counted.map(({ cost }) => cost));
}

/** A period that another charge has left is over, though the clock may be turned back into it. */
export function charge(
  charges: ModelCharge[],
  keys: ReadonlyMap<string, ModelKey>,
  made: Omit<ModelCharge, 'over'>,
): void {
  for (const before of charges.filter((each) => isLine(keys, each.keyId, made.keyId)))
    for (const budget of budgets) if (periods[budget](before.at) !== periods[budget](made.at)) before.over.add(budget);
  charges.push({ ...made, over: new Set() });
}
