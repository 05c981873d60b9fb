// What an answer that was cut off is charged: what its provider had counted by then, and an estimate of what it has delivered since.
import { type Usage, UsageFault, usageOf } from '../../pricing/index.js';
import type { Content, Delivery } from '../relay/delivery.js';
import type { Demand } from './demand.js';

/** A token is about four characters of English. */
export const BYTES_PER_TOKEN = 4;

/** The most that a request was held for. */
export interface Bound {
  readonly promptTokens: number;
  /** Of all choices. */
  readonly completionTokens: number;
}

/** What its prompt roughly comes to: the bound counts one token per byte. */
export const promptEstimate = ({ promptTokens }: Demand['input']): number => Math.ceil(promptTokens / BYTES_PER_TOKEN);

/** Most providers send a token in each piece; those that send several are told by the bytes. */
const tokensOf = ({ pieces, bytes }: Content): number => Math.max(pieces, Math.ceil(bytes / BYTES_PER_TOKEN));

/** The usage of a part, and whether anything of it is estimated. `counted` is what the provider has told; a count of 0 tells nothing. */
export function usageOfPart(counted: Usage | UsageFault, delivery: Delivery, bound: Bound) {
  const { totalTokens: _total, ...known } = counted instanceof UsageFault ? NOTHING : counted;
  const come = tokensOf(known.completionTokens > 0 ? delivery.uncounted : delivery.all);
  const most = Math.max(known.completionTokens, bound.completionTokens);
  const usage = usageOf({
    ...known,
    promptTokens: known.promptTokens || promptEstimate(bound),
    completionTokens: Math.min(known.completionTokens + come, most),
  });
  return { usage, estimated: come > 0 || known.promptTokens === 0 };
}

const NOTHING = { promptTokens: 0, completionTokens: 0, totalTokens: 0 };
