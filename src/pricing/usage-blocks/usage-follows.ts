// Whether the usage that a charge records is what its provider's block comes to. The event does not name the block's format, and some blocks
// have the fields of two, so each format that the block's fields allow is tried: one of them must give exactly this usage.
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, UsageFault, usageOf, usageSchema } from '../usage.js';
import { readAnthropicUsage } from './anthropic-usage.js';
import { isBedrockUsage, readBedrockUsage } from './bedrock-usage.js';
import { normaliseInputOutput, normalisePrompt, normaliseUsage } from './chat-usage.js';
import { isGeminiUsage, readGeminiUsage } from './gemini-usage.js';

/** The part of a charge that says what was used. */
export interface CountedCall {
  readonly usage: Usage;
  readonly usageRaw: JsonObject;
  /** Present when the answer was cut off, and what its provider had not counted by then was estimated. */
  readonly estimated?: string | undefined;
  /** Present when a person charged it; then the block may hold the counts that person gave. */
  readonly byHand?: object | undefined;
}

export function usageFollows({ usage, usageRaw, estimated, byHand }: CountedCall): boolean {
  const readings = [...readingsOf(usageRaw), ...(byHand === undefined ? [] : [given(usageRaw)])];
  if (readings.some((reading) => isDeepStrictEqual(reading, usage))) return true;
  return estimated !== undefined && [...readings, NOTHING].some((reading) => mayHaveBecome(reading, usage));
}

type Reading = Usage | UsageFault;

function readingsOf(block: JsonObject): Reading[] {
  const { images, seconds, prompt_audio_seconds: audioSeconds, characters, results } = block;
  return [
    'prompt_tokens' in block && normaliseUsage(block),
    'total_tokens' in block && normalisePrompt(block),
    'input_tokens' in block && normaliseInputOutput(block, 'input_tokens_details'),
    'input_tokens' in block && normaliseInputOutput(block, 'input_token_details'),
    'input_tokens' in block && readAnthropicUsage(block),
    isBedrockUsage(block) && readBedrockUsage(block),
    isGeminiUsage(block) && readGeminiUsage(block),
    isNumber(images) && usageOf({ ...NO_TOKENS, images }),
    isNumber(seconds) && usageOf({ ...NO_TOKENS, seconds: Math.ceil(seconds) }),
    isNumber(audioSeconds) && usageOf({ ...NO_TOKENS, seconds: Math.ceil(audioSeconds) }),
    isNumber(characters) && usageOf({ ...NO_TOKENS, characters }),
    isNumber(results) && NOTHING, // a moderation has no tokens
  ].filter((reading) => reading !== false);
}

const isNumber = (value: JsonValue | undefined): value is number => typeof value === 'number';

const NO_TOKENS = { promptTokens: 0, completionTokens: 0 };
const NOTHING = usageOf(NO_TOKENS);

/** Counts by the names they have in normal form, as `tokenhub charge settle` takes them. */
const given = (block: JsonObject): Reading =>
  Object.entries(block).every(([name, count]) => isCountName(name) && isNumber(count))
    ? usageOf({ ...NO_TOKENS, ...block })
    : new UsageFault('It has more than counts.');

const isCountName = (name: string): boolean => name !== 'reading' && Object.hasOwn(usageSchema.shape, name);

/** Whether an estimate could make `usage` of what was counted so far: it sets a missing prompt and adds to the completion, of which some may be audio. */
function mayHaveBecome(counted: Reading, usage: Usage): boolean {
  if (counted instanceof UsageFault || !isJsonObject(usage)) return false;
  const { promptTokens, completionTokens, completionAudioTokens } = usage;
  const prompt = counted.promptTokens === 0 ? promptTokens : counted.promptTokens;
  const totalTokens = prompt + completionTokens;
  const become = { ...counted, promptTokens: prompt, completionTokens, completionAudioTokens, totalTokens };
  const [added, ofAudio] = [
    completionTokens - counted.completionTokens,
    completionAudioTokens - counted.completionAudioTokens,
  ];
  return ofAudio >= 0 && added >= ofAudio && isDeepStrictEqual(become, usage);
}
