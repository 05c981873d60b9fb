// Claude Code gives instructions within a conversation, whatever model it was told to call. Endpoints of other makers that speak Anthropic's format
// know users and assistants alone: DeepSeek (https://github.com/deepseek-ai/awesome-deepseek-integration/issues/639), Alibaba
// (https://github.com/QwenLM/Qwen/issues/2244), MiniMax (https://github.com/MiniMax-AI/MiniMax-M2.7/issues/43), llama.cpp
// (https://github.com/anthropics/claude-code/issues/77698).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { instructionForUser } from '../chat.js';
import { textIn } from '../json.js';

/** A request of the Messages API with such instructions as the user's words, in their place. */
export function withTwoRoles(body: JsonObject): JsonObject {
  const { messages } = body;
  if (!isJsonArray(messages) || !messages.some(isInstruction)) return body;
  const told: JsonValue[] = [];
  for (const message of messages) {
    const last = told.at(-1);
    if (!isInstruction(message)) told.push(message);
    else if (isJsonObject(last) && last['role'] === 'user')
      told[told.length - 1] = { ...last, content: [...blocksOf(last), ...instructionsOf(message)] };
    else told.push({ role: 'user', content: instructionsOf(message) });
  }
  return { ...body, messages: told };
}

const isInstruction = (message: JsonValue): message is JsonObject =>
  isJsonObject(message) && message['role'] === 'system';

const blocksOf = ({ content }: JsonObject): readonly JsonValue[] =>
  isJsonArray(content) ? content : [{ type: 'text', text: content ?? '' }];

const instructionsOf = (message: JsonObject): readonly JsonValue[] =>
  blocksOf(message).map((block) => {
    const text = isJsonObject(block) ? textIn(block, 'text') : undefined;
    return isJsonObject(block) && text !== undefined ? { ...block, text: instructionForUser(text) } : block;
  });
