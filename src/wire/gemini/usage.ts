// Gemini's usageMetadata (https://ai.google.dev/api/generate-content#UsageMetadata). In a stream every event has one; they are cumulative,
// and the last one is the bill.
// - The prompt is promptTokenCount, cached content included, and toolUsePromptTokenCount beside it.
// - The completion is candidatesTokenCount and thoughtsTokenCount beside it. Some answers have counted the thoughts among the candidates
//   already; that is believed only when the total says so exactly.
// - Counts of 0 are absent. Video and documents are priced as text.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { MAX_TOKENS, UsageFault, usageOf, type Usage, type UsageCounts } from '../../pricing/index.js';

/** Brings Google's usage block into normal form, or says why it can't be billed. */
export function readUsage(raw: JsonValue): Usage | UsageFault {
  const counts = readCounts(raw);
  return counts instanceof UsageFault ? counts : usageOf(counts);
}

/** Google's usage block in OpenAI's shape; undefined when it can't be billed. */
export function openAiUsage(raw: JsonValue | undefined): JsonObject | undefined {
  const counts = raw === undefined ? undefined : readCounts(raw);
  if (counts === undefined || counts instanceof UsageFault || usageOf(counts) instanceof UsageFault) return undefined;
  return {
    prompt_tokens: counts.promptTokens,
    completion_tokens: counts.completionTokens,
    total_tokens: counts.promptTokens + counts.completionTokens,
    prompt_tokens_details: {
      cached_tokens: counts.cachedTokens,
      audio_tokens: counts.promptAudioTokens,
      image_tokens: counts.promptImageTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: counts.reasoningTokens,
      audio_tokens: counts.completionAudioTokens,
    },
  };
}

/** Leaves the reading of a block at its first unreadable field. */
class Unreadable extends Error {}

/** @returns UsageFault when a count makes no sense; whether they agree with each other is not asked. */
function readCounts(raw: JsonValue): UsageCounts | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  try {
    return read(raw);
  } catch (error) {
    if (error instanceof Unreadable) return new UsageFault(error.message);
    throw error;
  }
}

function read(raw: JsonObject): UsageCounts {
  if (raw['promptTokenCount'] === undefined) throw new Unreadable('promptTokenCount is missing.');
  const promptTokens = countOf(raw, 'promptTokenCount') + countOf(raw, 'toolUsePromptTokenCount');
  const candidates = countOf(raw, 'candidatesTokenCount');
  const reasoningTokens = countOf(raw, 'thoughtsTokenCount');
  const totalTokens = raw['totalTokenCount'] === undefined ? undefined : countOf(raw, 'totalTokenCount');
  const areIncluded = reasoningTokens > 0 && totalTokens === promptTokens + candidates;
  const unpriced =
    modality(raw, 'candidatesTokensDetails', 'IMAGE') + modality(raw, 'candidatesTokensDetails', 'VIDEO');
  if (unpriced > 0)
    throw new Unreadable(`${unpriced} tokens of the completion are images or video, which have no price.`);
  return {
    promptTokens,
    cachedTokens: countOf(raw, 'cachedContentTokenCount'),
    promptAudioTokens: ofPrompt(raw, 'AUDIO'),
    promptImageTokens: ofPrompt(raw, 'IMAGE'),
    completionTokens: areIncluded ? candidates : candidates + reasoningTokens,
    reasoningTokens,
    completionAudioTokens: modality(raw, 'candidatesTokensDetails', 'AUDIO'),
    ...(totalTokens !== undefined && { totalTokens }),
  };
}

const ofPrompt = (raw: JsonObject, kind: string): number =>
  modality(raw, 'promptTokensDetails', kind) + modality(raw, 'toolUsePromptTokensDetails', kind);

/** The tokens of one modality in a list of them; 0 when it is not told. */
function modality(raw: JsonObject, field: string, kind: string): number {
  const details = raw[field] ?? [];
  if (!isJsonArray(details)) throw new Unreadable(`${field} is not an array.`);
  let tokens = 0;
  for (const detail of details) {
    if (!isJsonObject(detail)) throw new Unreadable(`${field} holds what is not an object.`);
    if (detail['modality'] === kind) tokens += countOf(detail, 'tokenCount');
  }
  return tokens;
}

/** A count of tokens; 0 when it is absent. */
function countOf(block: JsonObject, field: string): number {
  const value = block[field] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 2 * MAX_TOKENS) return value;
  const shown = typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 40);
  throw new Unreadable(`${field} is ${shown}, not a plausible whole number of tokens.`);
}
