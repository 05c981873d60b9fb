// Reads the body of `POST /v1/chat/completions` as OpenAI does, with its messages and codes for errors.
// https://platform.openai.com/docs/api-reference/chat/create
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage, ChatRequest, Tool } from '../chat-request.js';
import { badRequest } from '../errors.js';
import { booleanOf, integerOf, invalidType, missing, modelOf } from './fields.js';
import {
  checkCalls,
  checkKnown,
  checkName,
  checkOrder,
  checkSettings,
  checkThoughts,
  tellsThoughts,
} from './refusals.js';
import { checkFunctionSchema, checkStrictSchema } from './schema.js';

const ROLES = new Set(['developer', 'system', 'user', 'assistant', 'tool', 'function']);
const MOST_CHOICES = 128;
const MOST_STOPS = 4;

/** @throws WireError (400) that names the parameter at fault. */
export function parseChatRequest(body: unknown): ChatRequest {
  if (!isJsonObject(body)) throw badRequest('Invalid type for the body: expected an object.', null, 'invalid_type');
  const model = modelOf(body);
  const stream = booleanOf(body, 'stream');
  checkKnown(body, model);
  checkSettings(body, model);
  const messages = messagesOf(body.messages, model);
  checkThoughts(body, messages, model);
  checkOrder(messages, model);
  const tools = toolsOf(body.tools);
  return {
    model,
    messages,
    stream,
    includeUsage: includeUsageOf(body.stream_options, stream),
    n: integerOf(body, 'n', MOST_CHOICES) ?? 1,
    maxTokens: maxTokensOf(body),
    stop: stopOf(body.stop),
    tools,
    toolChoice: toolChoiceOf(body),
    responseFormat: responseFormatOf(body.response_format),
    // Without tools no answer needs its thoughts back, and short ones stay as they are.
    ...(tools.length > 0 && tellsThoughts(body, model) && { thinking: { isOn: true, shown: true } }),
  };
}

function messagesOf(messages: JsonValue | undefined, model: string): readonly ChatMessage[] {
  if (messages === undefined) throw missing('messages');
  if (!Array.isArray(messages)) throw invalidType('messages', 'an array of objects');
  if (messages.length === 0) {
    throw badRequest(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  messages.forEach((message, index) => checkMessage(message, `messages[${index}]`));
  checkCalls(messages as readonly ChatMessage[], model);
  return messages as readonly ChatMessage[];
}

function checkMessage(message: unknown, param: string): void {
  if (!isJsonObject(message)) throw invalidType(param, 'an object');
  if (message.role === undefined) throw missing(`${param}.role`);
  if (typeof message.role !== 'string' || !ROLES.has(message.role)) {
    throw badRequest(`Invalid value: '${String(message.role)}'.`, `${param}.role`, 'invalid_value');
  }
  const { content } = message;
  const isCalling = Array.isArray(message.tool_calls) && message.tool_calls.length > 0;
  if (typeof content === 'string' || ((content ?? null) === null && isCalling)) return;
  if (content === undefined) throw missing(`${param}.content`);
  if (Array.isArray(content) && content.length === 0)
    throw badRequest(
      `Invalid '${param}.content': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
      `${param}.content`,
      'empty_array',
    );
  if (!Array.isArray(content)) throw invalidType(`${param}.content`, 'one of a string or array of objects');
  content.forEach((part: unknown, index) => {
    if (!isJsonObject(part) || typeof part.type !== 'string')
      throw invalidType(`${param}.content[${index}]`, 'an object');
  });
}

function maxTokensOf(body: JsonObject): number | undefined {
  const older = integerOf(body, 'max_tokens');
  const newer = integerOf(body, 'max_completion_tokens');
  if (older !== undefined && newer !== undefined) {
    throw badRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      'max_tokens',
      'invalid_parameter_combination',
    );
  }
  return newer ?? older;
}

function includeUsageOf(options: JsonValue | undefined, stream: boolean): boolean {
  if (options === undefined || options === null) return false;
  if (!isJsonObject(options)) throw invalidType('stream_options', 'an object');
  if (stream) return booleanOf(options, 'include_usage');
  throw badRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
}

function stopOf(stop: JsonValue | undefined): readonly string[] {
  const stops: unknown = typeof stop === 'string' ? [stop] : (stop ?? []);
  if (
    !Array.isArray(stops) ||
    stops.length > MOST_STOPS ||
    !stops.every((item) => typeof item === 'string' && item !== '')
  ) {
    throw invalidType('stop', `a string or up to ${MOST_STOPS} strings`);
  }
  return stops;
}

function toolsOf(tools: JsonValue | undefined): readonly Tool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw invalidType('tools', 'an array of objects');
  return tools.map((tool: unknown, index) => {
    const definition = isJsonObject(tool) && isJsonObject(tool.function) ? tool.function : undefined;
    if (typeof definition?.name !== 'string') throw missing(`tools[${index}].function.name`);
    checkFunction(definition, `tools[${index}].function`);
    return { name: definition.name, parameters: definition.parameters ?? { type: 'object' }, definition };
  });
}

function checkFunction(definition: JsonObject, at: string): void {
  const { name, parameters, strict } = definition;
  checkName(String(name), `${at}.name`);
  const subject = {
    name: `function '${String(name)}'`,
    param: `${at}.parameters`,
    code: 'invalid_function_parameters',
  };
  if (parameters !== undefined) checkFunctionSchema(parameters, subject);
  if (strict === true) checkStrictSchema(parameters, subject);
}

function toolChoiceOf(body: JsonObject): ChatRequest['toolChoice'] {
  const choice = body.tool_choice ?? 'auto';
  if (choice === 'auto' || choice === 'none') return choice;
  const tools = toolsOf(body.tools);
  if (tools.length === 0) throw badRequest("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice');
  if (choice === 'required') return choice;
  const name = isJsonObject(choice) && isJsonObject(choice.function) ? choice.function.name : undefined;
  if (typeof name === 'string' && tools.some((tool) => tool.name === name)) return { name };
  throw badRequest("Invalid value for 'tool_choice': no such function in 'tools'.", 'tool_choice', 'invalid_value');
}

function responseFormatOf(format: JsonValue | undefined): ChatRequest['responseFormat'] {
  if (format === undefined || format === null) return undefined;
  const type = isJsonObject(format) ? format.type : undefined;
  if (type === 'text') return undefined;
  if (type === 'json_object') return { schema: undefined };
  if (type !== 'json_schema')
    throw badRequest("Invalid value for 'response_format.type'.", 'response_format.type', 'invalid_value');
  const named = isJsonObject(format) ? format.json_schema : undefined;
  if (!isJsonObject(named)) throw missing('response_format.json_schema');
  if (named.strict === true)
    checkStrictSchema(named.schema, {
      name: `response_format '${String(named.name)}'`,
      param: 'response_format',
      code: null,
    });
  return { schema: named.schema ?? { type: 'object' } };
}
