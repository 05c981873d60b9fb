// Which of a provider's counts are plausible. A few tokens more than was allowed are the provider's way of counting, and are charged. Counts
// that no answer of this model to this request can reach are a mistake, and are not charged.
import { isJsonObject, isStorable, jsonText, type JsonValue } from '../../kernel/index.js';
import type { Uncharged } from '../../ledger/index.js';
import { type Model, type Usage, UsageFault } from '../../pricing/index.js';
import type { Demand, ReadUsage } from './demand.js';

/** A provider may count more completion tokens than it was allowed: these, and a tenth of the allowed number. Documented in docs/api.md. */
const ALLOWANCE_TOKENS = 2_048;
const ALLOWANCE_SHARE = 10;
/** For audio, whose length is bounded by the size of its file. */
const ALLOWANCE_SECONDS = 60;
/**
 * No real usage block is larger, and events must stay small. The largest is Anthropic's, with up to ten rounds of some 300 characters each
 * (`iterations`, https://platform.claude.com/docs/en/api/beta/messages/create).
 */
const MAX_USAGE_CHARS = 8_192;
/** Stands for the text of a block that has none, and is too long for one. */
const TOO_DEEP = '(nested too deep to be written down)'.padEnd(MAX_USAGE_CHARS + 1);

/** The largest counts that an answer can have. */
export interface CountLimits {
  readonly promptTokens: number;
  /** Of the answer alone, over all choices, by the cap that was sent. */
  readonly completionTokens: number;
  /** With the thinking, which not every provider's cap counts. */
  readonly outputTokens: number;
  readonly seconds: number;
  /** Whether an answer is counted in tokens: one that says something has some. */
  readonly inTokens: boolean;
}

/**
 * `cap` is what was sent for each choice, the client's or ours. A request other than a chat may put several inputs
 * into one prompt, and the provider's own tools read a prompt several times.
 */
export function limitsOf({ input, choices }: Demand, model: Model, cap: number): CountLimits {
  const { contextWindow, maxOutputTokens, kind, soldBy } = model;
  return {
    promptTokens: Math.max(contextWindow, input.promptTokens),
    completionTokens: withAllowance(cap * choices),
    outputTokens: withAllowance(Math.max(cap, maxOutputTokens) * choices),
    seconds: (input.units?.seconds ?? 0) + ALLOWANCE_SECONDS,
    inTokens: soldBy === undefined && kind !== 'moderation',
  };
}

const withAllowance = (tokens: number): number => tokens + ALLOWANCE_TOKENS + Math.ceil(tokens / ALLOWANCE_SHARE);

/** What a provider returned. */
interface Told {
  /** The usage block as it sent it. */
  readonly usage: JsonValue | undefined;
  readonly readUsage: ReadUsage;
  /** Whether the answer is known to say nothing. */
  readonly empty?: boolean | undefined;
}

/** The usage in normal form, or why it can't be billed. */
export function billable({ usage: raw, readUsage, empty }: Told, limits: CountLimits): Usage | UsageFault {
  if (raw === undefined || !isJsonObject(raw)) return new UsageFault('The provider reported no usage.');
  if ((jsonText(raw) ?? TOO_DEEP).length > MAX_USAGE_CHARS)
    return new UsageFault('The provider’s usage block is absurdly large.');
  if (!isStorable(raw)) return new UsageFault('The provider’s usage block can’t be written down as canonical JSON.');
  const usage = readUsage(raw);
  if (usage instanceof UsageFault) return usage;
  if (usage.totalTokens === 0 && limits.inTokens && empty !== true)
    return new UsageFault('The provider counted no tokens of an answer that says something.');
  return implausible(usage, limits) ?? usage;
}

function implausible(usage: Usage, limits: CountLimits): UsageFault | undefined {
  const { promptTokens, completionTokens, reasoningTokens, seconds = 0 } = usage;
  const answer = completionTokens - reasoningTokens;
  if (promptTokens > limits.promptTokens)
    return new UsageFault(`${promptTokens} prompt tokens are more than the ${limits.promptTokens} the model takes.`);
  if (answer > limits.completionTokens || completionTokens > limits.outputTokens)
    return new UsageFault(
      `${completionTokens} completion tokens, ${reasoningTokens} of them of reasoning, are more than the request allowed: ${limits.completionTokens} and ${limits.outputTokens} with reasoning, allowance included.`,
    );
  if (seconds > limits.seconds)
    return new UsageFault(`${seconds} seconds are more than the ${limits.seconds} that the file can last.`);
  return undefined;
}

/** A usage block that is not charged, as it is stored: whole if it is a small object, else the start of its text. */
export const keptUsage = (raw: JsonValue | undefined): Pick<Uncharged, 'usageRaw'> => {
  if (raw === undefined || raw === null) return {};
  const text = jsonText(raw) ?? TOO_DEEP;
  const isSmall = isJsonObject(raw) && text.length <= MAX_USAGE_CHARS && isStorable(raw);
  return { usageRaw: isSmall ? raw : Array.from(text).slice(0, MAX_USAGE_CHARS).join('').toWellFormed() };
};
