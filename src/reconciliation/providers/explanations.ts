// The calls that may explain why a provider bills another cost than was booked.
import { add, type Amount, ZERO } from '../../kernel/index.js';

/**
 * - `open_hold`: a call whose outcome is not known yet.
 * - `usage_unknown`: answered, but its usage could not be read, so nothing was booked.
 * - `unfinished`: the provider was asked, and the call ended without an answer that was booked.
 * - `failed_over`: this channel was tried before another one answered.
 * - `estimated`: cut off, so that a part of its usage is an estimate.
 * - `near_midnight`: began on one UTC day and ended on the next; a provider may count it on either.
 * - `by_hand`: charged by a person, by counts that may not be the provider's.
 */
export const EXPLANATIONS = [
  'open_hold',
  'usage_unknown',
  'unfinished',
  'failed_over',
  'estimated',
  'near_midnight',
  'by_hand',
] as const;
export type Cause = (typeof EXPLANATIONS)[number];

export interface Explanation {
  readonly cause: Cause;
  readonly calls: number;
  /** What these calls cost as booked; of calls without a charge, what was held for them at most. */
  readonly amount: Amount;
  /** The first of them. */
  readonly chargeIds: readonly string[];
}

/** So many charges are named for each cause; all are counted. */
const NAMED = 5;

export interface Suspect {
  readonly day: string;
  readonly model: string;
  readonly cause: Cause;
  readonly chargeId: string;
  readonly amount: Amount;
}

/** Counts suspects by day, model and cause; its size does not depend on their number. */
export class Suspects {
  readonly #found = new Map<string, Explanation & { readonly day: string; readonly model: string }>();

  add({ day, model, cause, chargeId, amount }: Suspect): void {
    const key = JSON.stringify([day, model, cause]);
    const before = this.#found.get(key) ?? { calls: 0, amount: ZERO, chargeIds: [] };
    const { calls, chargeIds } = before;
    this.#found.set(key, {
      day,
      model,
      cause,
      calls: calls + 1,
      amount: add(before.amount, amount),
      chargeIds: chargeIds.length < NAMED ? [...chargeIds, chargeId] : chargeIds,
    });
  }

  /** Those of a day whose model is one of these. */
  of(day: string, isOfLine: (model: string) => boolean): Explanation[] {
    const byCause = new Map<Cause, Explanation>();
    for (const { day: on, model, ...found } of this.#found.values()) {
      if (on !== day || !isOfLine(model)) continue;
      const other = byCause.get(found.cause);
      byCause.set(found.cause, other === undefined ? found : together(other, found));
    }
    return EXPLANATIONS.flatMap((cause) => byCause.get(cause) ?? []);
  }
}

const together = (a: Explanation, b: Explanation): Explanation => ({
  cause: a.cause,
  calls: a.calls + b.calls,
  amount: add(a.amount, b.amount),
  chargeIds: [...a.chargeIds, ...b.chargeIds].slice(0, NAMED),
});
