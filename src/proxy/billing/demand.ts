// What billing must know of a request before it is sent, and of an answer's usage block.
import type { JsonValue } from '../../kernel/index.js';
import type { Usage, UsageBound, UsageFault } from '../../pricing/index.js';

/** The most that a request can use of a model. */
export interface Demand {
  /** All but the completion. */
  readonly input: UsageBound;
  /** Completion tokens per choice at most; undefined when the client set no cap, and one of ours will do. */
  readonly maxTokens: number | undefined;
  readonly choices: number;
  /** The client's field that caps the completion, if it has one: then a lower cap of ours can be sent instead. */
  readonly capField?: string;
  /** The client's budget for thinking, within its cap or in place of one. A cap of ours leaves tokens for the answer beside it. */
  readonly thinkingTokens?: number;
}

/** Brings a usage block, as the provider sent it, into normal form, or says why it can't be billed. */
export type ReadUsage = (raw: JsonValue) => Usage | UsageFault;
