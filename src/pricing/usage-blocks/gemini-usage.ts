// Gemini's usageMetadata (https://ai.google.dev/api/generate-content#UsageMetadata). In a stream every event has one;
// they are cumulative.
// - The prompt is promptTokenCount, which includes cached content, plus toolUsePromptTokenCount.
// - The completion is candidatesTokenCount plus thoughtsTokenCount. Some answers already count the thoughts among the
//   candidates; we assume that only when the total says so exactly. Others count them in the total alone: without
//   Google's own tools, which are never requested here, nothing else can explain the difference.
// - Counts of 0 are absent. Video and documents are priced as text.
// - An answer about an image at a public URL may count neither the prompt nor the total, only its completion
//   (https://github.com/Arize-ai/openinference, test_generate_content_with_file_uri_image).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../usage.js';
import { countOf, type Parts, readBlock, requiredCount } from './counts.js';

const TOOLS = 'toolUsePromptTokenCount';
const COMPLETION = ['candidatesTokenCount', 'thoughtsTokenCount'];

/** Whether a block has a count that only Google's have. */
export const isGeminiUsage = (block: JsonObject): boolean =>
  ['promptTokenCount', ...COMPLETION].some((field) => field in block);

/** Brings Google's usage block into normal form, or says why it can't be billed. */
export const readGeminiUsage = (raw: JsonValue): Usage | UsageFault => readBlock(raw, read);

function read(raw: JsonObject, parts: Parts): Usage | UsageFault {
  // Output images and video cost more than text and have no price here. They are never requested.
  const media = ['IMAGE', 'VIDEO'].map((kind) => modality(raw, 'candidatesTokensDetails', kind, parts));
  if (media.some((tokens) => tokens > 0)) parts.doubted();
  const totalTokens = parts.count(raw, 'totalTokenCount');
  const promptTokens = promptOf(raw, totalTokens, parts);
  return usageOf({
    promptTokens,
    cachedTokens: parts.count(raw, 'cachedContentTokenCount') ?? 0,
    promptAudioTokens: ofPrompt(raw, 'AUDIO', parts),
    promptImageTokens: ofPrompt(raw, 'IMAGE', parts),
    completionAudioTokens: modality(raw, 'candidatesTokensDetails', 'AUDIO', parts),
    totalTokens,
    reading: parts.doubt,
    ...completionOf(raw, totalTokens === undefined || (countOf(raw, TOOLS) ?? 0) > 0 ? 0 : totalTokens - promptTokens),
  });
}

/** The prompt, the results of tools included; what the total leaves of it, if only the completion is counted. */
function promptOf(raw: JsonObject, totalTokens: number | undefined, parts: Parts): number {
  const tools = countOf(raw, TOOLS) ?? 0;
  const completion = COMPLETION.reduce((sum, field) => sum + (countOf(raw, field) ?? 0), 0);
  const prompt = completion === 0 ? requiredCount(raw, 'promptTokenCount') : countOf(raw, 'promptTokenCount');
  if (prompt !== undefined) return prompt + tools;
  if (totalTokens === undefined) parts.doubted();
  return Math.max(tools, (totalTokens ?? 0) - completion);
}

/** `left` is the total minus the prompt; 0 or less when that says nothing. */
function completionOf(raw: JsonObject, left: number) {
  const candidates = countOf(raw, 'candidatesTokenCount');
  const thoughts = countOf(raw, 'thoughtsTokenCount') ?? 0;
  const all = candidates ?? 0;
  if (thoughts > 0) return { completionTokens: left === all ? all : all + thoughts, reasoningTokens: thoughts };
  if (left <= all) return { completionTokens: all };
  if (candidates === undefined) return { completionTokens: left };
  return { completionTokens: left, reasoningTokens: left - all, reading: ['reasoning_in_total_alone' as const] };
}

const ofPrompt = (raw: JsonObject, kind: string, parts: Parts): number =>
  modality(raw, 'promptTokensDetails', kind, parts) + modality(raw, 'toolUsePromptTokensDetails', kind, parts);

/** The tokens of one modality in a list; 0 when it is missing. */
function modality(raw: JsonObject, field: string, kind: string, parts: Parts): number {
  const details = raw[field] ?? [];
  if (!isJsonArray(details) || !details.every(isJsonObject)) {
    parts.doubted();
    return 0;
  }
  return details
    .filter((detail) => detail['modality'] === kind)
    .reduce((tokens, detail) => tokens + (parts.count(detail, 'tokenCount') ?? 0), 0);
}
