// Reads the body of `generateContent` and `streamGenerateContent`.
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatRequest, Tool } from '../chat-request.js';
import { badRequest } from '../errors.js';
import { contentsOf } from './contents.js';
import { checkReferences } from './schema.js';

const MOST_CANDIDATES = 8;
const MOST_STOPS = 5;
/** https://ai.google.dev/api/caching#FunctionDeclaration */
const NAME = /^[a-zA-Z_][\w.:-]{0,63}$/;

/** @throws WireError (400) that names the field at fault. */
export function readRequest(body: unknown, model: string, stream: boolean): ChatRequest {
  if (!isJsonObject(body)) throw badRequest('Invalid JSON payload received: expected an object.', null);
  const config = objectOf(body, 'generationConfig');
  const tools = toolsOf(body.tools);
  const { stopSequences: stop = [] } = config;
  if (!Array.isArray(stop) || stop.length > MOST_STOPS || !stop.every((text: unknown) => typeof text === 'string'))
    throw badRequest(`generationConfig.stopSequences: at most ${MOST_STOPS} strings are allowed.`, null);
  return {
    model,
    messages: contentsOf(body, model),
    stream,
    includeUsage: true,
    n: countOf(config, 'candidateCount', MOST_CANDIDATES) ?? 1,
    maxTokens: countOf(config, 'maxOutputTokens'),
    stop,
    tools,
    toolChoice: toolChoiceOf(body, tools),
    responseFormat: responseFormatOf(config),
    thinking: thinkingOf(config, model),
  };
}

function objectOf(body: JsonObject, field: string): JsonObject {
  const value = body[field] ?? {};
  if (isJsonObject(value)) return value;
  throw badRequest(`Invalid value at '${field}': expected an object.`, null);
}

function countOf(config: JsonObject, field: string, highest = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = config[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest) return value;
  throw badRequest(`generationConfig.${field}: must be a whole number from 1 to ${highest}.`, null);
}

function toolsOf(tools: JsonValue | undefined): readonly Tool[] {
  if (!Array.isArray(tools)) return [];
  const declarations = tools.flatMap((tool: unknown) =>
    isJsonObject(tool) && Array.isArray(tool.functionDeclarations) ? (tool.functionDeclarations as unknown[]) : [],
  );
  return declarations.map((definition, index) => {
    if (!isJsonObject(definition) || typeof definition.name !== 'string')
      throw badRequest(`tools[0].function_declarations[${index}].name: a function must have a name.`, null);
    if (!NAME.test(definition.name))
      throw badRequest(
        `GenerateContentRequest.tools[0].function_declarations[${index}].name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.`,
        null,
      );
    checkReferences(definition.parametersJsonSchema);
    const parameters = definition.parametersJsonSchema ?? jsonSchema(definition.parameters ?? { type: 'object' });
    return { name: definition.name, parameters, definition };
  });
}

function toolChoiceOf(body: JsonObject, tools: readonly Tool[]): ChatRequest['toolChoice'] {
  const { mode = 'AUTO', allowedFunctionNames: allowed = [] } = objectOf(
    objectOf(body, 'toolConfig'),
    'functionCallingConfig',
  );
  if (mode === 'NONE') return 'none';
  if (mode === 'AUTO' || mode === 'VALIDATED') return 'auto';
  if (mode !== 'ANY' || tools.length === 0)
    throw badRequest('toolConfig.functionCallingConfig.mode: ANY needs function declarations.', null);
  if (!Array.isArray(allowed) || allowed.length === 0) return 'required';
  const named = tools.find(({ name }) => allowed.includes(name));
  if (named) return { name: named.name };
  throw badRequest('toolConfig.functionCallingConfig.allowedFunctionNames: unknown function.', null);
}

function responseFormatOf(config: JsonObject): ChatRequest['responseFormat'] {
  const { responseMimeType: type = 'text/plain', responseSchema: schema, responseJsonSchema: standard } = config;
  checkReferences(standard);
  if (type === 'application/json') return { schema: standard ?? (schema && jsonSchema(schema)) };
  if (type !== 'text/plain') throw badRequest(`generationConfig.responseMimeType: ${String(type)} is unknown.`, null);
  if (!schema && !standard) return undefined;
  throw badRequest("A response schema needs the response_mime_type 'application/json'.", null);
}

/** On with any budget but 0, a level, or visible thoughts. */
function thinkingOf(config: JsonObject, model: string): NonNullable<ChatRequest['thinking']> {
  const { thinkingBudget: budget, thinkingLevel: level, includeThoughts } = objectOf(config, 'thinkingConfig');
  if (budget === 0 && model.includes('pro'))
    throw badRequest('Budget 0 is invalid. This model only works in thinking mode.', null);
  if (budget !== undefined && level !== undefined)
    throw badRequest('You can only set only one of thinking budget and thinking level.', null);
  const shown = includeThoughts === true;
  return { isOn: budget !== 0 && (shown || budget !== undefined || level !== undefined), shown };
}

/** Google's own schemas are JSON schemas with their types in capitals. */
function jsonSchema(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map((item: JsonValue) => jsonSchema(item));
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value = null]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : jsonSchema(value),
    ]),
  );
}
