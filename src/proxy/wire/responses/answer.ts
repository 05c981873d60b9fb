// A chat completion as a response.
import type { JsonObject } from '../../../kernel/index.js';
import type { CallIds } from '../call-ids.js';
import { argumentsIn, choiceOf, citationsIn, finishIn, messageIn, reasoningIn, saidIn } from '../chat.js';
import { usageIn } from '../chat-usage.js';
import { numberIn, objectIn, objectsOf, textIn } from '../json.js';
import { emptyResponse, responseUsage, type Status, statusOf } from './envelope.js';
import { callIdsFor, itemId, messageItem, reasoningItem, refusalPart, textPart } from './items.js';
import { detailsOf } from './thoughts.js';
import { callItem } from './tool-items.js';
import { Toolbox } from './tools.js';

export function responseOf(chat: JsonObject, request: JsonObject): JsonObject {
  const choice = choiceOf(chat) ?? {};
  const id = textIn(chat, 'id') ?? '';
  const context = { id, created: numberIn(chat, 'created') ?? 0, model: textIn(chat, 'model') ?? '' };
  const end = statusOf(finishIn(choice));
  const around = { id, status: end.status, tools: new Toolbox(request), ids: callIdsFor(request, id) };
  return {
    ...emptyResponse(context, request),
    ...end,
    output: outputOf(messageIn(chat), logprobsIn(choice), around),
    usage: responseUsage(usageIn(chat)),
  };
}

interface Around {
  readonly id: string;
  readonly status: Status;
  readonly tools: Toolbox;
  readonly ids: CallIds;
}

type Build = (place: number, status: Status) => JsonObject;

/** A truncated answer was truncated in its last item. */
function outputOf(message: JsonObject, logprobs: readonly JsonObject[], around: Around): readonly JsonObject[] {
  const { id: chatId, status } = around;
  const builds = [...reasoning(message, chatId), ...said(message, logprobs, chatId), ...calls(message, around)];
  return builds.map((build, place) => build(place, place === builds.length - 1 ? status : 'completed'));
}

function reasoning(message: JsonObject, chatId: string): readonly Build[] {
  const [text, details] = [reasoningIn(message), detailsOf(message)];
  if (text === '' && details.length === 0) return [];
  return [(place) => reasoningItem(itemId('reasoning', chatId, place), text, details)];
}

function said(message: JsonObject, logprobs: readonly JsonObject[], chatId: string): readonly Build[] {
  const [text, refusal] = [saidIn(message), textIn(message, 'refusal') ?? ''];
  const notes = { annotations: citationsIn(message), logprobs };
  const parts = [...(text === '' ? [] : [textPart(text, notes)]), ...(refusal === '' ? [] : [refusalPart(refusal)])];
  if (parts.length === 0) return [];
  return [(place, status) => messageItem(itemId('message', chatId, place), parts, status)];
}

function calls(message: JsonObject, { id: chatId, tools, ids }: Around): readonly Build[] {
  return objectsOf(message['tool_calls']).map((call, index) => {
    const called = objectIn(call, 'function') ?? {};
    const [name, args] = [textIn(called, 'name') ?? '', argumentsIn(called)];
    const whole = { origin: tools.originOf(name), call_id: ids.next(call, index), arguments: args };
    return (place, status) => callItem(itemId('call', chatId, place), whole, status);
  });
}

/** Both APIs have the same format for token probabilities, but a token without bytes has null for them in a chat, and no list must be null here. */
export const logprobsIn = (choice: JsonObject): readonly JsonObject[] =>
  objectsOf(objectIn(choice, 'logprobs')?.['content']).map((token) => ({
    ...withBytes(token),
    top_logprobs: objectsOf(token['top_logprobs']).map(withBytes),
  }));

const withBytes = (token: JsonObject): JsonObject => ({ ...token, bytes: token['bytes'] ?? [] });
