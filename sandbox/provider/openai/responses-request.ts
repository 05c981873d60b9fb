// Reads the body of `POST /v1/responses` as OpenAI does, with its messages and codes for errors.
// https://developers.openai.com/api/reference/resources/responses/methods/create
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage, ChatRequest } from '../chat-request.js';
import { badRequest } from '../errors.js';
import { booleanOf, integerOf, invalidType, missing, modelOf } from './fields.js';
import { messagesOf } from './responses-input.js';
import { responsesTools } from './responses-tools.js';

const LEAST_TOKENS = 16;
const INCLUDABLE = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];
/** Models before GPT-5 don't reason, except the o series, nor does GPT-5 Chat. */
const REASONS = /^(?:o\d|chat-latest|gpt-(?:[5-9]|\d\d)(?!-chat))/;

export interface ResponsesRequest extends ChatRequest {
  /** The body, parts of which the answer repeats. */
  readonly body: JsonObject;
}

/** @throws WireError (400) that names the parameter at fault. */
export function parseResponsesRequest(body: unknown): ResponsesRequest {
  if (!isJsonObject(body)) throw badRequest('Invalid type for the body: expected an object.', null, 'invalid_type');
  const model = modelOf(body);
  checkFields(body);
  checkInclude(body, model);
  const tools = responsesTools(body);
  return {
    body,
    model,
    messages: [...instructionsOf(body.instructions), ...messagesOf(body)],
    stream: booleanOf(body, 'stream'),
    includeUsage: true,
    n: 1,
    maxTokens: maxTokensOf(body),
    stop: [],
    tools: tools.offered,
    toolChoice: tools.choice,
    responseFormat: responseFormatOf(body.text),
    thinking: thinkingOf(body, model),
  };
}

/** A chat's fields, and those that took their place (https://github.com/aaif-goose/goose/issues/2564). */
const OF_CHATS: Readonly<Record<string, string | undefined>> = {
  messages: 'input',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
  verbosity: 'text.verbosity',
  ...Object.fromEntries(
    'n stop seed logit_bias logprobs frequency_penalty presence_penalty functions function_call modalities audio prediction'
      .split(' ')
      .map((field) => [field, undefined]),
  ),
};

function checkFields(body: JsonObject): void {
  const field = Object.keys(body).find((name) => Object.hasOwn(OF_CHATS, name));
  if (field === undefined) return;
  const moved = OF_CHATS[field];
  throw moved === undefined
    ? badRequest(`Unknown parameter: '${field}'.`, field, 'unknown_parameter')
    : badRequest(
        `Unsupported parameter: '${field}'. In the Responses API, this parameter has moved to '${moved}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.`,
        field,
        'unsupported_parameter',
      );
}

function instructionsOf(instructions: JsonValue | undefined): readonly ChatMessage[] {
  if (instructions === undefined || instructions === null) return [];
  if (typeof instructions === 'string') return [{ role: 'developer', content: instructions }];
  throw invalidType('instructions', 'a string');
}

function maxTokensOf(body: JsonObject): number | undefined {
  const most = integerOf(body, 'max_output_tokens');
  if (most === undefined || most >= LEAST_TOKENS) return most;
  throw badRequest(
    `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${LEAST_TOKENS}, but got ${most} instead.`,
    'max_output_tokens',
    'integer_below_min_value',
  );
}

function checkInclude({ include }: JsonObject, model: string): void {
  if (include === undefined || include === null) return;
  if (!Array.isArray(include)) throw invalidType('include', 'an array of strings');
  for (const [index, what] of include.entries()) {
    if (typeof what !== 'string' || !INCLUDABLE.includes(what))
      throw badRequest(
        `Invalid value: '${String(what)}'. Supported values are: ${INCLUDABLE.map((known) => `'${known}'`).join(', ')}.`,
        `include[${index}]`,
        'invalid_value',
      );
    if (what === 'reasoning.encrypted_content' && !REASONS.test(model))
      throw badRequest('Encrypted content is not supported with this model.', 'include');
  }
}

function thinkingOf(body: JsonObject, model: string): ChatRequest['thinking'] {
  const reasoning = isJsonObject(body.reasoning) ? body.reasoning : {};
  const effort = reasoning.effort ?? undefined;
  if (effort !== undefined && !REASONS.test(model))
    throw badRequest(
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
      'reasoning.effort',
      'unsupported_parameter',
    );
  return { isOn: effort !== undefined && effort !== 'none', shown: (reasoning.summary ?? undefined) !== undefined };
}

function responseFormatOf(text: JsonValue | undefined): ChatRequest['responseFormat'] {
  const format = isJsonObject(text) ? (text.format ?? undefined) : undefined;
  if (format === undefined) return undefined;
  const { type, name, schema }: JsonObject = isJsonObject(format) ? format : {};
  if (type === 'text') return undefined;
  if (type === 'json_object') return { schema: undefined };
  if (type !== 'json_schema')
    throw badRequest(
      `Invalid value: '${String(type)}'. Supported values are: 'json_object', 'json_schema', and 'text'.`,
      'text.format.type',
      'invalid_value',
    );
  if (typeof name !== 'string') throw missing('text.format.name');
  if (!isJsonObject(schema)) throw missing('text.format.schema');
  return { schema };
}
