// What a provider of OpenAI's format does not take, though clients of that format, or requests that are translated to it, have it.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import type { Model } from '../../../pricing/index.js';
import { type Channel, hasResponses } from '../../providers/channels.js';
import { refusedFields, takesReasoningAlone } from '../../providers/provider-behaviour.js';
import {
  instructedOnce,
  isMistral,
  needsReasoning,
  objectIn,
  objectsOf,
  only,
  reasoningBack,
  reasoningIn,
  schemaForKimi,
  textIn,
} from '../../wire/index.js';
import { callsUnreasoned } from './openai-api.js';

/** The body of a chat completion as the provider takes it. `isTranslated` where the client's own request was of another API. */
export function fitted(
  given: JsonObject,
  model: Model,
  channel: Pick<Channel, 'format' | 'responses' | 'baseUrl'>,
  isTranslated: boolean,
): JsonObject {
  if (channel.format !== 'openai') return given;
  const body = forProvider(given, model, channel);
  if (model.maker !== 'openai') {
    const told = instructed(takesReasoningAlone(channel) ? body : withThoughtsOfCalls(body, model), model);
    if (isMistral(model.id)) return without(UNKNOWN_TO_MISTRAL, withoutThoughts(told));
    return model.maker === 'moonshot' ? withKimiTools(told) : told;
  }
  const isOpenAi = hasResponses(channel, model.id);
  if (!isTranslated) return isOpenAi ? withoutThoughts(body) : body;
  const { reasoning: _summary, ...others } = body;
  const fit = withoutThoughts(others);
  return isOpenAi && callsUnreasoned(model, fit) ? { ...fit, reasoning_effort: 'none' } : fit;
}

/**
 * Hints of OpenAI's, which Mistral refuses with all that it does not know, "extra_forbidden" (https://github.com/Gitlawb/openclaude/issues/739). What it
 * knows: https://github.com/mistralai/client-python, ChatCompletionRequest.
 */
const UNKNOWN_TO_MISTRAL =
  'user safety_identifier service_tier store verbosity prompt_cache_options prompt_cache_retention'.split(' ');

function withKimiTools(body: JsonObject): JsonObject {
  const { tools } = body;
  if (!isJsonArray(tools)) return body;
  const fit = (tool: JsonValue): JsonValue => {
    const called = isJsonObject(tool) ? tool['function'] : undefined;
    if (!isJsonObject(tool) || !isJsonObject(called) || !isJsonObject(called['parameters'])) return tool;
    return { ...tool, function: { ...called, parameters: schemaForKimi(called['parameters']) } };
  };
  return { ...body, tools: tools.map(fit) };
}

function forProvider(given: JsonObject, model: Model, channel: Pick<Channel, 'baseUrl'>): JsonObject {
  const body = withoutRefused(given, model, channel);
  return takesReasoningAlone(channel) ? withoutThoughts(body, asReasoning) : body;
}

/** The body of a chat or a response without the hints that its provider refuses. */
export function withoutRefused(
  body: JsonObject,
  { maker }: Pick<Model, 'maker'>,
  channel: Pick<Channel, 'baseUrl'>,
): JsonObject {
  const refused = refusedFields(channel, maker);
  return refused.some((field) => body[field] !== undefined) ? without(refused, body) : body;
}

const without = (fields: readonly string[], body: JsonObject): JsonObject =>
  only(body, (field) => !fields.includes(field));

/**
 * What a model told of its reasoning, which OpenAI does not know in a chat: "Unknown parameter: 'messages[1].reasoning_content'". Nor does Mistral,
 * whose thoughts are parts of the content: "extra_forbidden" (https://github.com/charmbracelet/crush/issues/1590).
 */
const THOUGHTS = ['reasoning_content', 'reasoning_details', 'reasoning', 'reasoning_text'];

function withoutThoughts(body: JsonObject, instead: (message: JsonObject) => JsonObject = () => ({})): JsonObject {
  const { messages } = body;
  if (!isJsonArray(messages) || !messages.some(hasThoughts)) return body;
  return {
    ...body,
    messages: messages.map((message) =>
      hasThoughts(message) ? { ...without(THOUGHTS, message), ...instead(message) } : message,
    ),
  };
}

function asReasoning(message: JsonObject): JsonObject {
  const reasoning = reasoningIn(message);
  return reasoning.trim() === '' ? {} : { reasoning };
}

/** A call whose thoughts its client did not keep, as OpenAI's SDK for Go does not, with what may stand for them. */
function withThoughtsOfCalls(body: JsonObject, { id }: Model): JsonObject {
  const { messages } = body;
  const isOff = textIn(objectIn(body, 'thinking') ?? {}, 'type') === 'disabled';
  if (isOff || !needsReasoning(id) || !isJsonArray(messages) || !messages.some(lacksThoughts)) return body;
  const fit = (message: JsonValue): JsonValue =>
    lacksThoughts(message) ? { ...message, ...reasoningBack(id, reasoningIn(message)) } : message;
  return { ...body, messages: messages.map(fit) };
}

const lacksThoughts = (message: JsonValue): message is JsonObject =>
  isJsonObject(message) && objectsOf(message['tool_calls']).length > 0 && !textIn(message, 'reasoning_content');

const hasThoughts = (message: JsonValue): message is JsonObject =>
  isJsonObject(message) && THOUGHTS.some((field) => message[field] !== undefined);

/**
 * The role `developer` is OpenAI's alone, and the same as `system` elsewhere. DeepSeek, Zhipu and Kimi refuse it
 * (https://github.com/theopenco/llmgateway/pull/3462, https://github.com/vastsa/PI-Desktop/issues/30, https://github.com/NOirBRight/CodexHub/issues/169).
 */
function instructed(body: JsonObject, { id }: Model): JsonObject {
  const { messages } = body;
  if (!isJsonArray(messages) || !messages.every(isJsonObject)) return body;
  const told = messages.some(isDeveloper) ? messages.map(asSystem) : messages;
  const once = instructedOnce(id, told);
  return once === messages ? body : { ...body, messages: once };
}

const asSystem = (message: JsonObject): JsonObject => (isDeveloper(message) ? { ...message, role: 'system' } : message);

const isDeveloper = ({ role }: JsonObject): boolean => role === 'developer';
