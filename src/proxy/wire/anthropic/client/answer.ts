// A chat completion as a message of Anthropic's API. https://platform.claude.com/docs/en/api/messages/create
import type { JsonObject } from '../../../../kernel/index.js';
import type { CallIds } from '../../call-ids.js';
import { argumentsIn, choiceOf, citationsIn, inputOf, messageIn, reasoningIn, saidIn } from '../../chat.js';
import { usageIn } from '../../chat-usage.js';
import { objectIn, objectsOf, textIn } from '../../json.js';
import { isOpenAiDetail, sealed } from '../../reasoning-details.js';
import { stopOf } from '../stop-reasons.js';
import { callIdsFor } from '../tool-calls.js';
import { showsThinking } from './reasoning.js';
import { clientNames } from './tools.js';
import { messageUsage } from './usage.js';

export function messageOf(chat: JsonObject, request: JsonObject): JsonObject {
  const choice = choiceOf(chat) ?? {};
  const message = messageIn(chat);
  const id = textIn(chat, 'id') ?? '';
  return {
    ...emptyMessage(id, textIn(chat, 'model') ?? ''),
    content: contentOf(message, {
      ids: callIdsFor(request, id),
      withThinking: showsThinking(request),
      names: clientNames(request),
    }),
    ...stopOf(choice, objectsOf(message['tool_calls']).length > 0),
    ...refusalOf(message),
    usage: messageUsage(usageIn(chat)),
  };
}

/** A message before its first block. */
export const emptyMessage = (chatId: string, model: string): JsonObject => ({
  id: `msg_${chatId.replace(/^chatcmpl-/, '')}`,
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: messageUsage(),
});

/**
 * What a message or a delta cites, as Claude cites what it found on the web. As with thinking, only Anthropic needs its own mark back.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#citations
 */
export const citationsOf = (said: JsonObject): readonly JsonObject[] =>
  citationsIn(said).map((cited) => ({
    type: 'web_search_result_location',
    cited_text: textIn(cited, 'content') ?? '',
    url: textIn(cited, 'url') ?? '',
    title: textIn(cited, 'title') ?? null,
    encrypted_index: '',
  }));

interface AnswerParts {
  readonly ids: CallIds;
  readonly withThinking: boolean;
  /** The client's names for its tools. */
  readonly names: ReadonlyMap<string, string>;
}

function contentOf(message: JsonObject, { ids, withThinking, names }: AnswerParts): readonly JsonObject[] {
  const thinking = withThinking ? reasoningIn(message) : '';
  const signature = withThinking ? signatureOf(message) : '';
  const text = saidIn(message) + (textIn(message, 'refusal') ?? '');
  const citations = citationsOf(message);
  const calls = objectsOf(message['tool_calls']).map((call, index) => toolUse(call, ids.next(call, index), names));
  return [
    ...(thinking === '' && signature === '' ? [] : [{ type: 'thinking', thinking, signature }]),
    ...(text === '' ? [] : [{ type: 'text', text, ...(citations.length > 0 && { citations }) }]),
    ...calls,
  ];
}

/** Thinking comes back with its signature, so what OpenAI wants back travels in one. Other providers here want nothing. */
export function signatureOf(said: JsonObject): string {
  const details = objectsOf(said['reasoning_details']).filter(isOpenAiDetail);
  return details.length === 0 ? '' : sealed(details);
}

function toolUse(call: JsonObject, id: string, names: AnswerParts['names']): JsonObject {
  const called = objectIn(call, 'function') ?? {};
  const name = textIn(called, 'name') ?? '';
  return {
    type: 'tool_use',
    id,
    name: names.get(name) ?? name,
    input: inputOf(argumentsIn(called)),
  };
}

/** A model that declines says so in `refusal`, and its answer ends like any other. */
const refusalOf = (message: JsonObject): JsonObject => (textIn(message, 'refusal') ? { stop_reason: 'refusal' } : {});
