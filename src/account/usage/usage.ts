// Rows of usage summed by day, model or key. Pure.
import { add, type Amount, usd, ZERO } from '../../kernel/index.js';
import type { UsageRow } from '../../ledger/index.js';

export const GROUPS = ['day', 'model', 'key'] as const;
export type Group = (typeof GROUPS)[number];

export interface Figures {
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly completion_tokens: number;
  readonly reasoning_tokens: number;
  readonly images: number;
  readonly seconds: number;
  readonly characters: number;
  readonly cost: Amount;
}

const NOTHING: Figures = {
  requests: 0,
  prompt_tokens: 0,
  cached_tokens: 0,
  completion_tokens: 0,
  reasoning_tokens: 0,
  images: 0,
  seconds: 0,
  characters: 0,
  cost: ZERO,
};

const nameOf: Readonly<Record<Group, (row: UsageRow) => string>> = {
  day: ({ day }) => day,
  model: ({ model }) => model,
  key: ({ keyId }) => keyId,
};

export interface Summed {
  /** Days in their order; models and keys by what they cost, the dearest first. */
  readonly groups: readonly (readonly [string, Figures])[];
  readonly total: Figures;
}

export async function summed(rows: AsyncIterable<UsageRow> | Iterable<UsageRow>, group: Group): Promise<Summed> {
  const groups = new Map<string, Figures>();
  let total = NOTHING;
  for await (const row of rows) {
    const name = nameOf[group](row);
    groups.set(name, plus(groups.get(name) ?? NOTHING, row));
    total = plus(total, row);
  }
  const order = group === 'day' ? byName : byCost;
  return { groups: [...groups].toSorted(order), total };
}

const plus = (before: Figures, row: UsageRow): Figures => ({
  requests: before.requests + row.requests,
  prompt_tokens: before.prompt_tokens + row.promptTokens,
  cached_tokens: before.cached_tokens + row.cachedTokens,
  completion_tokens: before.completion_tokens + row.completionTokens,
  reasoning_tokens: before.reasoning_tokens + row.reasoningTokens,
  images: before.images + row.images,
  seconds: before.seconds + row.seconds,
  characters: before.characters + row.characters,
  cost: add(before.cost, usd(row.cost)),
});

type Named = readonly [string, Figures];

const byName = ([a]: Named, [b]: Named): number => (a < b ? -1 : 1);
const byCost = (a: Named, b: Named): number =>
  a[1].cost === b[1].cost ? byName(a, b) : a[1].cost > b[1].cost ? -1 : 1;
