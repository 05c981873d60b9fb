// The order of roles that some models insist on, for requests that are translated to chats. Of chats themselves, only the instructions at the
// start are changed, which say the same as one.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { contentOf, instructionForUser } from './chat.js';
import { objectsOf, textIn } from './json.js';
import { isMistral } from './openai.js';

/**
 * Qwen's own template refuses a system message anywhere but as the first message (https://github.com/experientiallabs/experiential/pull/956,
 * https://github.com/ollama/ollama/issues/17774), and MiniMax takes one (https://github.com/MiniMax-AI/MiniMax-M2/issues/51). Codex sends two at the start
 * (https://github.com/ai-dynamo/dynamo/issues/10206).
 */
const INSTRUCTED_ONCE = /(?:^|\/)(?:qwen|minimax)/i;

/** Mistral refuses a system message after the assistant, after a result or at the end (https://github.com/mistralai/mistral-common, validator.py). */
const instructsAtStart = (model: string): boolean => INSTRUCTED_ONCE.test(model) || isMistral(model);

/** What the assistant says to results before the user goes on, where it must say something. */
const HEARD: JsonObject = { role: 'assistant', content: 'OK.' };

/** Messages in an order that the model takes. */
export function ordered(model: string, messages: readonly JsonObject[]): readonly JsonObject[] {
  if (!instructsAtStart(model)) return messages;
  const start = instructionsIn(messages);
  const told = instructedOnce(model, [...messages.slice(0, start), ...messages.slice(start).map(asUser)]);
  // "Unexpected role 'user' after role 'tool'": https://github.com/mistralai/mistral-common/issues/169
  return isMistral(model)
    ? told.flatMap((message, index) =>
        message['role'] === 'user' && told[index - 1]?.['role'] === 'tool' ? [HEARD, message] : [message],
      )
    : told;
}

/** The messages with those of the system at their start as one, for a model that takes one. */
export function instructedOnce(model: string, messages: readonly JsonObject[]): readonly JsonObject[] {
  const start = instructionsIn(messages);
  if (start < 2 || !INSTRUCTED_ONCE.test(model)) return messages;
  const parts = messages.slice(0, start).flatMap(({ content }) => partsIn(content));
  // A text has no mark for the cache.
  const content = parts.some(({ cache_control: mark }) => mark !== undefined) ? parts : contentOf(parts);
  return [{ role: 'system', content }, ...messages.slice(start)];
}

const partsIn = (content: JsonValue | undefined): readonly JsonObject[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);

/** How many messages of the system come before all others. */
function instructionsIn(messages: readonly JsonObject[]): number {
  const talk = messages.findIndex(({ role }) => role !== 'system');
  return talk === -1 ? messages.length : talk;
}

const asUser = (message: JsonObject): JsonObject =>
  message['role'] === 'system'
    ? { role: 'user', content: instructionForUser(textIn(message, 'content') ?? '') }
    : message;
