// The messages of a chat in Anthropic's form: instructions apart, and alternating turns of user and assistant.
// https://platform.claude.com/docs/en/build-with-claude/working-with-messages
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { argumentsIn, inputOf, instructionForUser } from '../../chat.js';
import { objectsOf, textIn } from '../../json.js';
import type { Traits } from '../models.js';
import { withThinking } from '../reasoning.js';
import { UniqueIds } from '../tool-calls.js';
import { type Blocks, blocksOf, cacheControl, contentOf, textBlock } from './content.js';

export interface Conversation {
  readonly system: Blocks;
  readonly messages: readonly JsonObject[];
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: JsonObject[];
  /** Instructions given during this user turn. */
  readonly system: JsonObject[];
}

/** @throws Untranslatable */
export function conversationOf(messages: JsonValue | undefined, { midSystem, prefill }: Traits): Conversation {
  if (!Array.isArray(messages)) throw new Untranslatable('"messages" must be a list of messages.', 'messages');
  const turns = new Turns(midSystem);
  const ids = new UniqueIds();
  for (const [index, message] of (messages as readonly JsonValue[]).entries()) {
    const at = `messages[${index}]`;
    if (!isJsonObject(message)) throw new Untranslatable(`"${at}" must be an object with "role" and "content".`, at);
    addMessage(turns, { message, at, ids });
  }
  const conversation = turns.conversation();
  const last = conversation.messages.at(-1);
  if (last === undefined) throw new Untranslatable('This model needs at least one user message.', 'messages');
  if (!prefill && last['role'] === 'assistant')
    throw new Untranslatable('This model does not continue its own message: end with a user message.', 'messages');
  return { ...conversation, messages: withoutSpaceAtEnd(conversation.messages) };
}

/**
 * Anthropic refuses white space at the end of a message that it is to continue, because the continuation would begin
 * oddly. https://platform.claude.com/docs/en/build-with-claude/working-with-messages and
 * https://github.com/tailcallhq/forgecode/issues/1872
 */
function withoutSpaceAtEnd(messages: readonly JsonObject[]): readonly JsonObject[] {
  const last = messages.at(-1);
  if (last?.['role'] !== 'assistant') return messages;
  const { content } = last;
  const blocks = Array.isArray(content) ? (content as Blocks) : [{ type: 'text', text: content }];
  const [end] = blocks.slice(-1);
  if (end?.['type'] !== 'text') return messages;
  const trimmed = { ...end, text: String(end['text']).trimEnd() };
  return [...messages.slice(0, -1), { ...last, content: contentOf([...blocks.slice(0, -1), trimmed]) }];
}

/** A message of the chat, its path, and the ids of the conversation so far. */
interface Said {
  readonly message: JsonObject;
  readonly at: string;
  readonly ids: UniqueIds;
}

function addMessage(turns: Turns, said: Said): void {
  const { message, at } = said;
  switch (textIn(message, 'role') ?? '') {
    case 'system':
    case 'developer':
      return turns.instruct(instructions(message, at));
    case 'user':
      return turns.add('user', blocksOf(message, at));
    case 'assistant':
      return turns.add('assistant', assistantBlocks(said));
    case 'tool':
      return turns.add('user', [toolResult(said)]);
    default:
      throw new Untranslatable(
        `"${at}.role" must be system, developer, user, assistant or tool, not ${JSON.stringify(message['role'] ?? null)}.`,
        `${at}.role`,
      );
  }
}

function instructions(message: JsonObject, at: string): Blocks {
  const blocks = blocksOf(message, at);
  if (blocks.some(({ type }) => type !== 'text'))
    throw new Untranslatable(`"${at}" can be text only: send images and files as a user.`, at);
  return blocks;
}

function assistantBlocks({ message, at, ids }: Said): Blocks {
  for (const field of ['audio', 'function_call']) {
    const value = message[field] ?? undefined;
    if (value !== undefined)
      throw new Untranslatable(`This model does not accept "${at}.${field}": leave it out.`, `${at}.${field}`);
  }
  const calls = objectsOf(message['tool_calls']).map((call, index) => toolUse(call, `${at}.tool_calls[${index}]`, ids));
  const said = [...blocksOf(message, at), ...textBlock(textIn(message, 'refusal') ?? '')];
  return withThinking(message, [...said, ...calls]);
}

function toolUse(call: JsonObject, at: string, ids: UniqueIds): JsonObject {
  const called = call['function'];
  if (!isJsonObject(called))
    throw new Untranslatable(`"${at}" must be a function call: this model has no other tools.`, at);
  return {
    type: 'tool_use',
    id: ids.ofCall(textIn(call, 'id') ?? ''),
    name: textIn(called, 'name') ?? '',
    input: inputOf(argumentsIn(called)),
    ...cacheControl(call),
  };
}

function toolResult({ message, at, ids }: Said): JsonObject {
  const { cache_control: _own, tool_call_id: id, ...plain } = message;
  if (typeof id !== 'string' || id === '')
    throw new Untranslatable(`"${at}.tool_call_id" must be the id of the call that it answers.`, `${at}.tool_call_id`);
  const content = contentOf(blocksOf(plain, at));
  return {
    type: 'tool_result',
    tool_use_id: ids.ofResult(id),
    ...(Array.isArray(content) && content.length === 0 ? {} : { content }),
    ...cacheControl(message),
  };
}

/** Joins consecutive messages of one role into a turn. */
class Turns {
  readonly #system: JsonObject[] = [];
  readonly #turns: Turn[] = [];
  /**
   * Instructions that have no place yet. Where the model takes system messages, they belong to the next user turn;
   * otherwise they go into a user turn themselves, behind the results there, which must come first.
   */
  readonly #waiting: JsonObject[] = [];

  constructor(private readonly midSystem: boolean) {}

  instruct(blocks: Blocks): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined) return append(this.#system, blocks);
    append(this.midSystem && turn.role === 'user' ? turn.system : this.#waiting, blocks);
  }

  add(role: Turn['role'], blocks: Blocks): void {
    if (blocks.length === 0) return;
    const staysOpen = role === 'user' && (this.midSystem || blocks[0]?.['type'] === 'tool_result');
    if (!staysOpen) this.#instructAsUser();
    const last = this.#turns.at(-1);
    if (last?.role === role) return append(last.blocks, blocks);
    const waiting = this.midSystem && role === 'user' ? this.#waiting.splice(0) : [];
    this.#turns.push({ role, blocks: [...blocks], system: waiting });
  }

  #instructAsUser(): void {
    const told = this.#waiting.splice(0);
    const blocks = told.map((block) => ({ ...block, text: instructionForUser(String(block['text'])) }));
    const last = this.#turns.at(-1);
    if (blocks.length === 0) return;
    if (last?.role === 'user') append(last.blocks, blocks);
    else this.#turns.push({ role: 'user', blocks, system: [] });
  }

  /** A system message may only follow a user message, and only precede an assistant message or end the list. */
  conversation(): Conversation {
    this.#instructAsUser();
    // Anthropic refuses a request without a message. OpenAI answers instructions alone (https://github.com/router-for-me/CLIProxyAPI/issues/4402).
    if (this.#turns.length === 0 && this.#system.length > 0)
      return { system: [], messages: [{ role: 'user', content: contentOf(this.#system) }] };
    const messages = this.#turns.flatMap(({ role, blocks, system }) => [
      { role, content: contentOf(blocks) },
      ...(system.length > 0 ? [{ role: 'system', content: contentOf(system) }] : []),
    ]);
    return { system: this.#system, messages };
  }
}

/** One at a time: the blocks of a huge message would be too many arguments for one call. */
function append(list: JsonObject[], blocks: Blocks): void {
  for (const block of blocks) list.push(block);
}
