// Reads the body of `POST /v1/messages` and of `/v1/messages/count_tokens`.
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatRequest, Tool } from '../chat-request.js';
import { type WireError, badRequest } from '../errors.js';
import { cacheLife, conversationOf } from './conversation.js';
import { bindingOf } from './preserved-thinking.js';
import { checkForModel, checkSchema, checkToolName } from './refusals.js';
import { checkDeferred, checkServerTool } from './server-tools.js';

const LEAST_BUDGET = 1024;
const TIERS: readonly JsonValue[] = ['auto', 'standard_only'];

/** @throws WireError (400) that names the field at fault. */
export function readRequest(body: unknown, { isCounted = false } = {}): ChatRequest {
  if (!isJsonObject(body)) throw wrong('body', 'Input should be an object');
  const { model, stream = false, stop_sequences: stop = [] } = body;
  if (typeof model !== 'string' || model === '') throw wrong('model', 'Field required');
  if (typeof stream !== 'boolean') throw wrong('stream', 'Input should be a valid boolean');
  if (!Array.isArray(stop) || !stop.every((text: unknown) => typeof text === 'string' && text.trim() !== ''))
    throw wrong('stop_sequences', 'each stop sequence must contain non-whitespace');
  const maxTokens = isCounted ? undefined : maxTokensOf(body);
  const tools = toolsOf(body.tools);
  checkDeferred(Array.isArray(body.tools) ? body.tools.filter(isJsonObject) : [], body.messages);
  if (!TIERS.includes(body.service_tier ?? 'auto'))
    throw wrong('service_tier', "Input should be 'auto' or 'standard_only'");
  const toolChoice = toolChoiceOf(body.tool_choice, tools);
  const thinking = thinkingOf(body, maxTokens);
  if (thinking.isOn && toolChoice !== 'auto' && toolChoice !== 'none')
    throw badRequest('Thinking may not be enabled when tool_choice forces tool use.', null);
  checkForModel(body, model, toolChoice);
  const bindingAt = bindingOf(body, model);
  return {
    model,
    messages: conversationOf(body, bindingAt),
    stream,
    includeUsage: true,
    n: 1,
    maxTokens,
    stop: stop as readonly string[],
    tools,
    toolChoice,
    responseFormat: responseFormatOf(body.output_config),
    thinking: { ...thinking, boundTo: bindingAt(Infinity) },
  };
}

const wrong = (field: string, problem: string): WireError => badRequest(`${field}: ${problem}`, null);

function maxTokensOf({ max_tokens: most }: JsonObject): number {
  if (most === undefined) throw wrong('max_tokens', 'Field required');
  if (typeof most === 'number' && Number.isInteger(most) && most >= 1) return most;
  throw wrong('max_tokens', 'Input should be an integer greater than or equal to 1');
}

/** The client's tools; Anthropic's server tools have types of their own and are never called here. */
function toolsOf(tools: JsonValue | undefined): readonly Tool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw wrong('tools', 'Input should be a valid array');
  return tools.flatMap((tool: unknown, index) => {
    if (!isJsonObject(tool)) throw wrong(`tools.${index}`, 'Input should be an object');
    if (tool.type !== undefined && tool.type !== 'custom') {
      checkServerTool(tool, `tools.${index}`);
      return [];
    }
    if (typeof tool.name !== 'string') throw wrong(`tools.${index}.name`, 'Field required');
    if (!isJsonObject(tool.input_schema)) throw wrong(`tools.${index}.input_schema`, 'Field required');
    cacheLife(tool, `tools.${index}`);
    checkToolName(tool.name, `tools.${index}`);
    if (tool.strict === true) checkSchema(tool.input_schema, `tools.${index}.custom.input_schema`);
    return [{ name: tool.name, parameters: tool.input_schema, definition: tool }];
  });
}

function toolChoiceOf(choice: JsonValue | undefined, tools: readonly Tool[]): ChatRequest['toolChoice'] {
  if (choice === undefined || choice === null) return 'auto';
  const { type, name }: JsonObject = isJsonObject(choice) ? choice : {};
  if (type === 'auto' || type === 'none') return type;
  if (type === 'any' && tools.length > 0) return 'required';
  if (type === 'tool' && tools.some((tool) => tool.name === name)) return { name: String(name) };
  throw wrong('tool_choice', 'there is no such tool in tools');
}

function thinkingOf({ thinking }: JsonObject, maxTokens = Infinity): NonNullable<ChatRequest['thinking']> {
  const { type = 'disabled', display, budget_tokens: budget }: JsonObject = isJsonObject(thinking) ? thinking : {};
  const isOn = type === 'enabled' || type === 'adaptive';
  if (type === 'enabled') {
    if (typeof budget !== 'number' || budget < LEAST_BUDGET)
      throw wrong('thinking.enabled.budget_tokens', `Input should be greater than or equal to ${LEAST_BUDGET}`);
    if (budget >= maxTokens) throw badRequest('`max_tokens` must be greater than `thinking.budget_tokens`.', null);
  }
  return { isOn, shown: display !== 'omitted' };
}

function responseFormatOf(config: JsonValue | undefined): ChatRequest['responseFormat'] {
  const format = isJsonObject(config) ? (config.format ?? undefined) : undefined;
  if (format === undefined) return undefined;
  if (isJsonObject(format) && format.type === 'json_schema' && isJsonObject(format.schema)) {
    checkSchema(format.schema, 'output_config.format.schema');
    return { schema: format.schema };
  }
  throw wrong('output_config.format', 'Input should be a JSON schema');
}
