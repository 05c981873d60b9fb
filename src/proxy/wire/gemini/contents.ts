// The messages of a chat as Gemini's contents: two roles, `user` and `model`, and the system messages at the start apart. The
// results of one turn's calls go back together, in the order of the calls: Gemini refuses them one by one, and older
// models match them by order only.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { instructionForUser } from '../chat.js';
import { Untranslatable } from '../wire.js';
import { Calls, type Result } from './calls.js';
import { mediaPart } from './media.js';
import { signatureOf } from './signature.js';
import { textPart, textParts } from './text.js';

export interface Conversation {
  readonly contents: readonly JsonObject[];
  /** The texts of the system and developer messages at the start, in order. */
  readonly system: readonly JsonObject[];
}

/** @throws Untranslatable */
export function conversationOf(messages: JsonValue | undefined, model: string): Conversation {
  if (!isJsonArray(messages)) throw new Untranslatable('"messages" must be an array of messages.', 'messages');
  const translation = new Translation(model);
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    if (!isJsonObject(message)) throw new Untranslatable(`"${at}" must be an object.`, at);
    translation.add(message, at);
  }
  translation.endTurn();
  const { contents, system } = translation;
  return contents[0]?.role === 'user' ? translation : { contents: [NOTHING_SAID, ...contents], system };
}

/**
 * Google refuses a conversation without a user, or that opens with calls, as one that was cut to size does; it takes an
 * empty text of the user: recorded in pydantic/pydantic-ai, tests/models/cassettes/test_google.
 */
const NOTHING_SAID: JsonObject = { role: 'user', parts: [{ text: '' }] };

interface Content extends JsonObject {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

class Translation implements Conversation {
  readonly contents: Content[] = [];
  readonly system: JsonObject[] = [];
  readonly #calls: Calls;
  #results: Result[] = [];
  /** What waits for the end of the results it stands among: instructions, and images of results. */
  #behind: JsonObject[] = [];

  constructor(model: string) {
    this.#calls = new Calls(model);
  }

  add(message: JsonObject, at: string): void {
    const role = message['role'];
    if (role === 'system' || role === 'developer') {
      this.#instruct(textParts(message['content'], `${at}.content`));
    } else if (role === 'user') {
      this.#push('user', userParts(message['content'], `${at}.content`));
    } else if (role === 'assistant') {
      this.#push('model', this.#assistantParts(message, at));
    } else if (role === 'tool') {
      const result = this.#calls.result(message, userParts(message['content'], `${at}.content`), at);
      this.#results.push(result);
      this.#behind.push(...result.media);
    } else {
      const known = '"system", "developer", "user", "assistant" or "tool"';
      throw new Untranslatable(`"${at}.role" must be ${known}.`, `${at}.role`);
    }
  }

  /**
   * Adds the results collected so far as one content, which must hold nothing else
   * (https://github.com/anomalyco/opencode/pull/43479), and what waits for their end.
   */
  endTurn(): void {
    const inOrder = this.#results.toSorted((a, b) => a.position - b.position);
    for (const parts of [inOrder.map(({ part }) => part), this.#behind])
      if (parts.length > 0) this.contents.push({ role: 'user', parts });
    this.#results = [];
    this.#behind = [];
  }

  #instruct(texts: readonly JsonObject[]): void {
    if (this.contents.length === 0) this.system.push(...texts);
    else this.#behind.push(...texts.map(({ text }) => ({ text: instructionForUser(String(text)) })));
  }

  #push(role: 'user' | 'model', parts: readonly JsonObject[]): void {
    this.endTurn();
    if (parts.length === 0) return;
    const last = this.contents.at(-1);
    // To Google, calls that follow the model's own text belong to the same turn, and are refused in a turn of their
    // own: https://github.com/google-gemini/gemini-cli/issues/26486
    if (role === 'model' && last?.role === role) last.parts.push(...parts);
    else this.contents.push({ role, parts: [...parts] });
  }

  #assistantParts(message: JsonObject, at: string): JsonObject[] {
    const unheeded = ['function_call', 'audio'].find((field) => (message[field] ?? null) !== null);
    if (unheeded !== undefined)
      throw new Untranslatable(`"${at}.${unheeded}" can’t be sent to a Gemini model.`, `${at}.${unheeded}`);
    const texts = textParts(message['content'], `${at}.content`);
    const refusal = textParts(message['refusal'], `${at}.refusal`);
    const calls = this.#calls.callParts(message['tool_calls'] ?? [], `${at}.tool_calls`);
    return [...signed([...texts, ...refusal], signatureOf(message), calls), ...calls];
  }
}

/**
 * A message's own signature belongs at the end of its text. If it were sent twice, its thoughts would be billed twice.
 */
function signed(texts: readonly JsonObject[], signature: string | undefined, calls: readonly JsonObject[]) {
  if (signature === undefined || calls.some(({ thoughtSignature }) => thoughtSignature === signature)) return texts;
  return [...texts.slice(0, -1), { ...(texts.at(-1) ?? { text: '' }), thoughtSignature: signature }];
}

/** A content that may be more than text. */
function userParts(content: JsonValue | undefined, at: string): JsonObject[] {
  if (!isJsonArray(content)) return textParts(content, at);
  return content.flatMap((part, index) => {
    const isMedia = isJsonObject(part) && part['type'] !== 'text';
    return isMedia ? [mediaPart(part, `${at}[${index}]`)] : textPart(part, `${at}[${index}]`);
  });
}
