// The messages of a chat as the input of a response: an assistant's reasoning, text and calls are items of their own, and so are results.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { defined, objectIn, objectsOf, textIn } from '../../json.js';
import { callIdFor } from '../../openai.js';
import { inPlace } from '../../reasoning-details.js';
import { Untranslatable } from '../../wire.js';
import { reasoningItem } from './reasoning.js';
import { callItem } from './tools.js';

/** @throws Untranslatable */
export function inputOf(chat: JsonObject): readonly JsonObject[] {
  const { messages } = chat;
  if (!Array.isArray(messages)) throw new Untranslatable('"messages" must be a list of messages.', 'messages');
  const conversation = new Conversation(textIn(chat, 'model') ?? '');
  return (messages as readonly JsonValue[]).flatMap((message, index) => {
    const at = `messages[${index}]`;
    if (!isJsonObject(message)) throw new Untranslatable(`"${at}" must be an object with "role" and "content".`, at);
    return conversation.itemsOf(message, at);
  });
}

class Conversation {
  /** The ids of calls of custom tools, whose results are of another type. */
  readonly #custom = new Set<string>();

  constructor(private readonly model: string) {}

  itemsOf(message: JsonObject, at: string): readonly JsonObject[] {
    const role = textIn(message, 'role') ?? '';
    switch (role) {
      case 'system':
      case 'developer':
      case 'user':
        return [{ type: 'message', role, content: contentOf(message['content'], INPUT, `${at}.content`) }];
      case 'assistant':
        return this.#assistantItems(message, at);
      case 'tool':
        return [this.#result(message, at)];
      default:
        throw new Untranslatable(`"${at}.role" must be system, developer, user, assistant or tool.`, `${at}.role`);
    }
  }

  /** Reasoning that nothing follows is left out: OpenAI refuses it, and it led to nothing. */
  #assistantItems(message: JsonObject, at: string): readonly JsonObject[] {
    for (const field of ['audio', 'function_call'])
      if ((message[field] ?? undefined) !== undefined)
        throw new Untranslatable(`"${at}.${field}" has no place in OpenAI’s Responses API.`, `${at}.${field}`);
    const calls = objectsOf(message['tool_calls']).map((call, index) => this.#call(call, `${at}.tool_calls[${index}]`));
    const phase = calls.length > 0 ? 'commentary' : 'final_answer';
    const items = inPlace(message, [...said(message, at, phase), ...calls], reasoningItem);
    return items.slice(0, items.findLastIndex(({ type }) => type !== 'reasoning') + 1);
  }

  #call(call: JsonObject, at: string): JsonObject {
    const id = this.#idOf(textIn(call, 'id'));
    const item = callItem(call, id);
    if (item === undefined) throw new Untranslatable(`"${at}" must be a call of a function or a custom tool.`, at);
    if (item['type'] === 'custom_tool_call') this.#custom.add(id);
    return item;
  }

  #result(message: JsonObject, at: string): JsonObject {
    const call_id = this.#idOf(textIn(message, 'tool_call_id'));
    const type = this.#custom.has(call_id) ? 'custom_tool_call_output' : 'function_call_output';
    return { type, call_id, output: contentOf(message['content'], INPUT, `${at}.content`) };
  }

  #idOf(id = ''): string {
    return callIdFor(this.model, id);
  }
}

/**
 * What the assistant said. An empty text is none. A chat does not tell the phase of a message, but has one for each turn, in which it follows from
 * the calls. Without it, models since GPT-5.3 Codex take what they said between calls for their answer, and stop early; older ones ignore it
 * (https://openrouter.ai/docs/cookbook/evaluate-and-optimize/model-migrations/gpt-5-4). UKGovernmentBEIS/inspect_ai#3790 derives it, too.
 */
function said(message: JsonObject, at: string, phase: 'commentary' | 'final_answer'): readonly JsonObject[] {
  const content = contentOf(message['content'], 'output_text', `${at}.content`);
  const refusal = textIn(message, 'refusal') ?? '';
  const parts = [
    ...(typeof content !== 'string' ? content : content === '' ? [] : [{ type: 'output_text', text: content }]),
    ...(refusal === '' ? [] : [{ type: 'refusal', refusal }]),
  ];
  return parts.length === 0 ? [] : [{ type: 'message', role: 'assistant', phase, content: parts }];
}

const INPUT = 'input_text';
type TextType = 'input_text' | 'output_text';

/** A text, or parts. @throws Untranslatable */
function contentOf(content: JsonValue | undefined, textType: TextType, at: string): string | readonly JsonObject[] {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw new Untranslatable(`"${at}" must be a text or a list of parts.`, at);
  return (content as readonly JsonValue[]).flatMap((part, index) => {
    const place = `${at}[${index}]`;
    if (!isJsonObject(part)) throw new Untranslatable(`"${place}" must be an object with a "type".`, place);
    return partOf(part, textType, place);
  });
}

/** The mark of the end of a cached prompt is the same in both. */
function partOf(part: JsonObject, textType: TextType, at: string): readonly JsonObject[] {
  const marked = { prompt_cache_breakpoint: part['prompt_cache_breakpoint'] ?? undefined };
  switch (textIn(part, 'type') ?? '') {
    case 'text':
      return [defined({ type: textType, text: textIn(part, 'text') ?? '', ...marked })];
    case 'refusal':
      return [{ type: 'refusal', refusal: textIn(part, 'refusal') ?? '' }];
    // Another maker's, from a conversation that changed its model.
    case 'thinking':
      return [];
    case 'image_url':
      return [defined({ ...imagePart(part['image_url'], at), ...marked })];
    case 'file':
      return [defined({ type: 'input_file', ...objectIn(part, 'file'), ...marked })];
    default:
      throw new Untranslatable(
        `OpenAI’s Responses API takes text, images and files: it can’t read ${at} of type ${JSON.stringify(part['type'] ?? null).slice(0, 60)}.`,
        at,
      );
  }
}

function imagePart(image: JsonValue | undefined, at: string): JsonObject {
  const { url, detail }: JsonObject = isJsonObject(image) ? image : { url: image };
  if (typeof url !== 'string') throw new Untranslatable(`"${at}.image_url.url" must be a URL.`, at);
  return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
}
