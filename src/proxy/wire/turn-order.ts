// The order of roles that some models insist on, for requests that are translated to chats. Requests of OpenAI's clients pass unchanged.
import type { JsonObject } from '../../kernel/index.js';
import { instructionForUser } from './chat.js';
import { textIn } from './json.js';
import { isMistral } from './openai.js';

/**
 * Qwen's own template refuses a system message anywhere but at the start (https://github.com/experientiallabs/experiential/pull/956,
 * https://github.com/ollama/ollama/issues/17774), Mistral one after the assistant, after a result or at the end
 * (https://github.com/mistralai/mistral-common, validator.py).
 */
const instructsAtStart = (model: string): boolean => model.startsWith('qwen') || isMistral(model);

/** What the assistant says to results before the user goes on, where it must say something. */
const HEARD: JsonObject = { role: 'assistant', content: 'OK.' };

/** Messages in an order that the model takes. */
export function ordered(model: string, messages: readonly JsonObject[]): readonly JsonObject[] {
  if (!instructsAtStart(model)) return messages;
  const start = messages.findIndex(({ role }) => role !== 'system');
  const told = messages.map((message, index) => (index > start && start !== -1 ? asUser(message) : message));
  // "Unexpected role 'user' after role 'tool'": https://github.com/mistralai/mistral-common/issues/169
  return isMistral(model)
    ? told.flatMap((message, index) =>
        message['role'] === 'user' && told[index - 1]?.['role'] === 'tool' ? [HEARD, message] : [message],
      )
    : told;
}

const asUser = (message: JsonObject): JsonObject =>
  message['role'] === 'system'
    ? { role: 'user', content: instructionForUser(textIn(message, 'content') ?? '') }
    : message;
