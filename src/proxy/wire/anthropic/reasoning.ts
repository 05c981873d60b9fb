// Thinking blocks in chat completions. Their text is `reasoning_content`, as DeepSeek and others name it. The parts
// that Anthropic must get back unchanged, the signature and the redacted blocks, go into `reasoning_details`, which
// OpenRouter introduced and its clients send back (LiteLLM's `thinking_blocks` works for Anthropic alone). Each entry
// arrives whole, once, when its block ends, so a client only collects entries and never joins them; its `index` is the
// block's position in the message, so that thinking between other blocks returns to its place.
// https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
import type { JsonObject } from '../../../kernel/index.js';
import { textIn } from '../json.js';
import { inPlace } from '../reasoning-details.js';

const FORMAT = 'anthropic-claude-v1';

/** The entry of a block; undefined for blocks that are not thinking. */
export function reasoningDetail(block: JsonObject, index: number): JsonObject | undefined {
  if (block['type'] === 'redacted_thinking') {
    return { type: 'reasoning.encrypted', data: textIn(block, 'data') ?? '', format: FORMAT, index };
  }
  if (block['type'] !== 'thinking') return undefined;
  const text = textIn(block, 'thinking') ?? '';
  return { type: 'reasoning.text', text, signature: textIn(block, 'signature') ?? '', format: FORMAT, index };
}

/**
 * The blocks of an assistant message, with its thinking at its original place. Thinking without a signature, or from
 * another maker, is dropped: Anthropic accepts only its own.
 */
export const withThinking = (message: JsonObject, blocks: readonly JsonObject[]): readonly JsonObject[] =>
  inPlace(message, blocks, thinkingBlock);

function thinkingBlock(detail: JsonObject): JsonObject | undefined {
  if ((detail['format'] ?? FORMAT) !== FORMAT) return undefined;
  const data = textIn(detail, 'data');
  if (detail['type'] === 'reasoning.encrypted' && data) return { type: 'redacted_thinking', data };
  const signature = textIn(detail, 'signature');
  if (detail['type'] !== 'reasoning.text' || !signature) return undefined;
  return { type: 'thinking', thinking: textIn(detail, 'text') ?? '', signature };
}
