// The input of a Responses request as chat messages. There, the assistant's thoughts, text and calls are separate
// items; here they are one message. Tool results are also items; their images go into a following message, because a
// tool message holds only text.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { contentOf, reasoningBack, SEE_BELOW, takesReasoning } from '../chat.js';
import { objectsOf, textIn } from '../json.js';
import { callIdFor } from '../openai.js';
import { ordered } from '../turn-order.js';
import { refuseField, Untranslatable } from '../wire.js';
import { partsOf, textOf } from './content.js';
import { resultsBehindCalls } from './result-order.js';
import { detailsIn } from './thoughts.js';
import { calledIn, isCall, isResult, isSearchAtProvider, resultIn, typeOf } from './tool-items.js';
import { shown } from './unsupported.js';

/** @throws Untranslatable */
export function chatMessages(body: JsonObject): readonly JsonObject[] {
  const instructions = body['instructions'] ?? undefined;
  if (instructions !== undefined && typeof instructions !== 'string')
    throw new Untranslatable('"instructions" must be a text.', 'instructions');
  const model = textIn(body, 'model') ?? '';
  const conversation = new Conversation(model);
  for (const [item, index] of resultsBehindCalls(itemsOf(body['input']))) conversation.add(item, `input[${index}]`);
  const given = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  const messages = [...given, ...conversation.messages()];
  if (messages.length === 0) throw new Untranslatable('"input" must hold at least one message.', 'input');
  return ordered(model, messages);
}

function itemsOf(input: JsonValue | undefined): readonly JsonValue[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (Array.isArray(input)) return input as readonly JsonValue[];
  throw new Untranslatable('"input" must be a text or a list of items.', 'input');
}

function asWritten(part: JsonValue): JsonValue {
  const written =
    isJsonObject(part) && part['type'] === 'encrypted_content' ? textIn(part, 'encrypted_content') : undefined;
  return written === undefined ? part : { type: 'input_text', text: written };
}

/** An assistant message while its items are collected. */
interface Turn {
  content: string;
  reasoning: string;
  readonly details: JsonObject[];
  readonly calls: JsonObject[];
}

class Conversation {
  readonly #messages: JsonObject[] = [];
  #turn: Turn | undefined;
  /** The non-text parts of results. */
  #media: JsonObject[] = [];

  constructor(private readonly model: string) {}

  messages(): readonly JsonObject[] {
    this.#endTurn();
    this.#endResults();
    return this.#messages;
  }

  add(item: JsonValue, at: string): void {
    if (!isJsonObject(item)) throw new Untranslatable(`"${at}" must be an object with a "type".`, at);
    const type = typeOf(item);
    if (isSearchAtProvider(item)) return;
    if (!isResult(type)) this.#endResults();
    if (isCall(type)) return this.#call(item, at);
    if (isResult(type)) return this.#result(item, at);
    switch (type) {
      case 'message':
        return this.#message(item, at);
      case 'agent_message':
        return this.#agentMessage(item, at);
      case 'reasoning':
        return this.#think(item);
      case 'additional_tools': // The toolbox reads these.
      case 'web_search_call': // The following items hold what was found.
        return;
      case 'item_reference':
        return refuseField(at, 'items are not kept here: send the item itself');
      default:
        return refuseField(at, `a chat has no item of type ${shown(type)}`);
    }
  }

  /** A developer message counts as a system message everywhere except at OpenAI, which treats both alike. */
  #message(item: JsonObject, at: string): void {
    const content = `${at}.content`;
    switch (textIn(item, 'role') ?? '') {
      case 'assistant':
        this.#assistant().content += textOf(item['content'], content);
        return;
      case 'user':
        return this.#push({ role: 'user', content: contentOf(partsOf(item['content'], content)) });
      case 'system':
      case 'developer':
        return this.#push({ role: 'system', content: textOf(item['content'], content) });
      default:
        throw new Untranslatable(`"${at}.role" must be user, assistant, system or developer.`, `${at}.role`);
    }
  }

  /**
   * What another agent says, which names its sender. Codex puts what a model writes to an agent into an `encrypted_content` part, but only
   * OpenAI's models encrypt it (https://github.com/openai/codex/pull/26210).
   */
  #agentMessage(item: JsonObject, at: string): void {
    const content = item['content'] ?? [];
    const parts = Array.isArray(content) ? (content as readonly JsonValue[]).map(asWritten) : content;
    const said = partsOf(parts, `${at}.content`);
    if (said.length > 0) this.#push({ role: 'user', content: contentOf(said) });
  }

  #think(item: JsonObject): void {
    const turn = this.#assistant();
    const [whole, summary] = [objectsOf(item['content']), objectsOf(item['summary'])];
    turn.reasoning += (whole.length > 0 ? whole : summary).map((part) => textIn(part, 'text') ?? '').join('');
    turn.details.push(...detailsIn(item));
  }

  #call(item: JsonObject, at: string): void {
    const [id, called] = [textIn(item, 'call_id'), calledIn(item)];
    if (id === undefined || called === undefined)
      throw new Untranslatable(`"${at}" must have a "call_id" and a "name".`, at);
    this.#assistant().calls.push({ id: callIdFor(this.model, id), type: 'function', function: called });
  }

  #result(item: JsonObject, at: string): void {
    const id = textIn(item, 'call_id');
    if (id === undefined) throw new Untranslatable(`"${at}" must have the "call_id" of its call.`, at);
    const parts = partsOf(resultIn(item), `${at}.output`);
    const media = parts.filter(({ type }) => type !== 'text');
    const text = parts.map((part) => textIn(part, 'text') ?? '').join('');
    this.#push({
      role: 'tool',
      tool_call_id: callIdFor(this.model, id),
      content: text === '' && media.length > 0 ? SEE_BELOW : text,
    });
    this.#media.push(...media);
  }

  #push(message: JsonObject): void {
    this.#endTurn();
    this.#messages.push(message);
  }

  /**
   * A message that follows calls, or thoughts that follow their results, belong to the same turn: nobody else spoke in
   * between.
   */
  #assistant(): Turn {
    return (this.#turn ??= { content: '', reasoning: '', details: [], calls: [] });
  }

  #endTurn(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined || (turn.content === '' && turn.calls.length === 0)) return;
    const { content, reasoning, details, calls } = turn;
    this.#messages.push({
      role: 'assistant',
      content: content === '' ? null : content,
      ...reasoningBack(this.model, reasoning),
      ...(takesReasoning(this.model) && details.length > 0 && { reasoning_details: details }),
      ...(calls.length > 0 && { tool_calls: calls }),
    });
  }

  #endResults(): void {
    if (this.#media.length > 0) this.#push({ role: 'user', content: this.#media });
    this.#media = [];
  }
}
