// Reads a usage block long after its call, when its sender is no longer known: each format has fields that no other
// has.
import { doubleOf, isJsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, UsageFault, usageOf } from '../usage.js';
import { isBedrockUsage } from './bedrock-usage.js';
import { normaliseUsage } from './chat-usage.js';
import { isGeminiUsage, readGeminiUsage } from './gemini-usage.js';

/** Brings a block of any known format into normal form, or says why that can't be done. */
export function readAnyUsage(raw: JsonValue): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  if (isGeminiUsage(raw)) return readGeminiUsage(raw);
  if ('prompt_tokens' in raw || 'input_tokens' in raw || isBedrockUsage(raw)) return normaliseUsage(raw);
  const [images, seconds] = [doubleOf(raw['images']), doubleOf(raw['seconds'] ?? raw['prompt_audio_seconds'])];
  if (images !== undefined) return usageOf({ promptTokens: 0, completionTokens: 0, images });
  if (seconds !== undefined) return usageOf({ promptTokens: 0, completionTokens: 0, seconds: Math.ceil(seconds) });
  return new UsageFault('The usage block has an unknown format.');
}
