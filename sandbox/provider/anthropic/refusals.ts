// Anthropic's refusals that depend on the model's generation:
// https://platform.claude.com/docs/en/models/opus-5-5/migration-guide and the "What's new" pages of each model. The
// messages are Anthropic's where they are documented or reported: https://github.com/tailcallhq/forgecode/issues/1872
// (white space at the end), https://github.com/anthropics/claude-code/issues/61412 and /73821 (system messages).
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatRequest } from '../chat-request.js';
import { badRequest } from '../errors.js';

const NAME = /claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/;
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const PREFILL_UNTIL = 406;
const SAMPLING_UNTIL = 407;
const ONE_OF_BOTH_SINCE = 405;

interface Version {
  readonly family: string;
  /** 4.6 is 406. */
  readonly number: number;
}

export function versionOf(model: string): Version {
  const [, family = '', major = '0', minor = '0'] = NAME.exec(model) ?? [];
  return { family, number: Number(major) * 100 + Number(minor) };
}

/** Thinking can't be turned off or given a budget, and no call can be forced. */
const alwaysThinks = ({ family, number }: Version): boolean =>
  family === 'fable' || family === 'mythos' || (family === 'opus' && number > 500);

/** @throws WireError (400) */
export function checkForModel(body: JsonObject, model: string, toolChoice: ChatRequest['toolChoice']): void {
  const version = versionOf(model);
  const type = isJsonObject(body.thinking) ? body.thinking.type : undefined;
  if (alwaysThinks(version) && (type === 'disabled' || type === 'enabled'))
    throw badRequest(
      `"thinking.type.${type}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
      null,
    );
  if (alwaysThinks(version) && toolChoice !== 'auto' && toolChoice !== 'none')
    throw badRequest('tool_choice: forced tool use is not supported for this model.', null);
  checkSampling(body, version, type === 'enabled' || type === 'adaptive');
  const messages: readonly unknown[] = Array.isArray(body.messages) ? body.messages : [];
  checkSystem(messages, version);
  const last = messages.at(-1);
  if (isJsonObject(last) && last.role === 'assistant') checkPrefill(last.content, version);
}

/** https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages */
function checkSystem(messages: readonly unknown[], { family, number }: Version): void {
  const roles = messages.map((message) => (isJsonObject(message) ? message.role : undefined));
  const isTaken = family === 'sonnet' || family === 'haiku' ? number > 500 : number >= 408;
  if (roles.includes('system') && !isTaken) throw badRequest("role 'system' is not supported on this model", null);
  const wrong = roles.findIndex(
    (role, index) => role === 'system' && ![undefined, 'assistant'].includes(roles[index + 1] as string),
  );
  if (wrong !== -1)
    throw badRequest(`messages.${wrong}: role 'system' must precede an 'assistant' message or end the array`, null);
}

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility */
function checkSampling(body: JsonObject, { number }: Version, thinks: boolean): void {
  const [temperature, topP, topK] = [body.temperature ?? null, body.top_p ?? null, body.top_k ?? null];
  const chosen = ['temperature', 'top_p', 'top_k'].find((field) => (body[field] ?? null) !== null);
  if (number >= SAMPLING_UNTIL && chosen !== undefined)
    throw badRequest(`\`${chosen}\` is deprecated for this model.`, null);
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 1))
    throw badRequest('temperature: range: 0..1', null);
  if (number >= ONE_OF_BOTH_SINCE && temperature !== null && topP !== null)
    throw badRequest('`temperature` and `top_p` cannot both be specified for this model. Please use only one.', null);
  if (!thinks) return;
  if (temperature !== null && temperature !== 1)
    throw badRequest('`temperature` may only be set to 1 when thinking is enabled.', null);
  if (topK !== null) throw badRequest('`top_k` must be unset when thinking is enabled.', null);
  if (typeof topP === 'number' && topP < 0.95)
    throw badRequest('`top_p` must be greater than or equal to 0.95 when thinking is enabled.', null);
}

function checkPrefill(content: JsonValue | undefined, { number }: Version): void {
  if (number >= PREFILL_UNTIL)
    throw badRequest(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
      null,
    );
  const end = Array.isArray(content) ? (content.at(-1) as JsonValue | undefined) : content;
  const text = isJsonObject(end) ? end.text : end;
  if (typeof text === 'string' && text !== text.trimEnd())
    throw badRequest('messages: final assistant content cannot end with trailing whitespace', null);
}

/** @throws WireError (400) for a text block of white space. */
export function checkText(text: JsonValue | undefined, field: string, role?: string): void {
  if (typeof text !== 'string') return;
  if (text === '') throw badRequest(`${field}: text content blocks must be non-empty`, null);
  if (text.trim() === '' && role !== 'assistant')
    throw badRequest(`${field}: text content blocks must contain non-whitespace text`, null);
}

const IMAGES: readonly (JsonValue | undefined)[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** In the words of https://github.com/anthropics/claude-code/issues/8184. @throws WireError (400) */
export function checkImage({ source }: JsonObject, at: string): void {
  if (!isJsonObject(source) || source.type !== 'base64' || IMAGES.includes(source.media_type)) return;
  throw badRequest(
    `${at}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    null,
  );
}

/** @throws WireError (400) */
export function checkToolName(name: string, at: string): void {
  if (!TOOL_NAME.test(name))
    throw badRequest(`${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`, null);
}

const UNSUPPORTED =
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems'.split(' ');

/**
 * Checks a schema that answers or arguments must follow.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 * @throws WireError (400)
 */
export function checkSchema(schema: JsonValue | undefined, at: string): void {
  if (Array.isArray(schema)) return schema.forEach((inner: JsonValue) => checkSchema(inner, at));
  if (!isJsonObject(schema)) return;
  if (schema.type === 'object' && schema.additionalProperties !== false)
    throw badRequest(`${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`, null);
  const unsupported = UNSUPPORTED.filter((keyword) => schema[keyword] !== undefined);
  if (typeof schema.type === 'string' && unsupported.length > 0)
    throw badRequest(`${at}: For '${schema.type}' type, properties ${unsupported.join(', ')} are not supported`, null);
  for (const field of ['properties', '$defs', 'definitions']) {
    const schemas = schema[field];
    if (isJsonObject(schemas)) Object.values(schemas).forEach((inner) => checkSchema(inner, at));
  }
  for (const field of ['items', 'anyOf', 'allOf']) checkSchema(schema[field], at);
}
