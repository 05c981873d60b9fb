// OpenAI's refusals of messages, and of requests to reasoning models, in its own words as reported:
// https://github.com/vercel/ai/issues/5171 (ids), https://github.com/openai/openai-go/issues/43 (results without
// calls), https://platform.openai.com/docs/guides/reasoning (reasoning models). And those of Kimi and DeepSeek, where
// reasoning does not come back: https://github.com/QuantumNous/new-api/issues/3121,
// https://github.com/charmbracelet/crush/issues/2696, https://github.com/Gitlawb/openclaude/issues/878; Mistral's where it
// does: https://github.com/charmbracelet/crush/issues/1590. And those of
// Mistral and Qwen, of roles in another order: https://github.com/mistralai/mistral-common (validator.py),
// https://github.com/experientiallabs/experiential/pull/956. DeepSeek's of a role: https://github.com/theopenco/llmgateway/pull/3462,
// OpenAI's of functions: https://github.com/BerriAI/litellm/pull/34569, https://github.com/pipecat-ai/pipecat/issues/4043; of models that answer in
// responses alone: https://github.com/openai/codex/issues/1306, with its body in https://github.com/alvinunreal/tmuxai/issues/82
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage } from '../chat-request.js';
import { badRequest, WireError } from '../errors.js';

const MAX_ID = 40;
const MAX_NAME = 64;
const NAME = /^[a-zA-Z0-9_-]+$/;
const OPENAI = /^(?:gpt|chatgpt|o\d)/;
const THINKS = /^(?:gpt-[5-9]|o\d)(?!.*chat)/;
const FIELDS = 'role content name refusal audio function_call tool_calls tool_call_id annotations'.split(' ');

/** @throws WireError (400), as all of these do. */
function checkLength(text: JsonValue | undefined, param: string, most: number): void {
  if (typeof text !== 'string' || text.length <= most) return;
  throw badRequest(
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${text.length} instead.`,
    param,
    'string_above_max_length',
  );
}

export function checkName(name: string, param: string): void {
  checkLength(name, param, MAX_NAME);
  if (!NAME.test(name))
    throw badRequest(
      `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
      param,
      'invalid_value',
    );
}

/** Calls must be followed by all their results, and results must follow their calls. */
export function checkCalls(messages: readonly ChatMessage[], model: string): void {
  let open: readonly JsonValue[] = [];
  for (const [index, message] of messages.entries()) {
    if (OPENAI.test(model)) checkFields(message, `messages[${index}]`);
    if (message.role === 'tool') {
      const { tool_call_id: id = '' } = message;
      if (!open.includes(id))
        throw badRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          `messages.[${index}].role`,
        );
      open = open.filter((other) => other !== id);
      continue;
    }
    checkAnswered(open, index);
    open = callIds(message, `messages[${index}]`);
  }
  checkAnswered(open, messages.length);
}

function callIds({ tool_calls: calls }: ChatMessage, at: string): readonly JsonValue[] {
  if (!Array.isArray(calls)) return [];
  return calls.map((call: unknown, index) => {
    const { id = '' }: JsonObject = isJsonObject(call) ? call : {};
    checkLength(id, `${at}.tool_calls[${index}].id`, MAX_ID);
    return id;
  });
}

function checkAnswered(open: readonly JsonValue[], index: number): void {
  if (open.length === 0) return;
  throw badRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`,
    `messages.[${index}].role`,
  );
}

/** Makers that return their reasoning also accept it; OpenAI does not know the field. */
function checkFields(message: ChatMessage, at: string): void {
  const unknown = Object.keys(message).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw badRequest(`Unknown parameter: '${at}.${unknown}'.`, `${at}.${unknown}`, 'unknown_parameter');
}

const MISTRAL = /^(?:mistral|ministral|magistral|codestral|devstral|pixtral|voxtral)/;
const KIMI = /^kimi-k(?:2\.[5-9]|[3-9])/;
const DEEPSEEK = /^deepseek-(?!chat|reasoner)/;

const UNKNOWN_TO_MISTRAL = ['user', 'safety_identifier', 'service_tier', 'store', 'verbosity', 'max_completion_tokens'];

/** Mistral's of what is not in its schema: https://github.com/Gitlawb/openclaude/issues/739, https://github.com/editor-code-assistant/eca/issues/231. */
export function checkKnown(body: JsonObject, model: string): void {
  const unknown = MISTRAL.test(model) ? UNKNOWN_TO_MISTRAL.find((field) => body[field] !== undefined) : undefined;
  if (unknown !== undefined) throw badRequest('Extra inputs are not permitted', unknown, 'extra_forbidden');
}

/** Whether a model tells its thoughts, and needs those of each call of a tool back. */
export const tellsThoughts = ({ thinking }: JsonObject, model: string): boolean =>
  (KIMI.test(model) || DEEPSEEK.test(model)) && !(isJsonObject(thinking) && thinking.type === 'disabled');

/** Makers that think while tools are called need the thoughts of each call, unless they are told not to think; Mistral takes none. */
export function checkThoughts(body: JsonObject, messages: readonly ChatMessage[], model: string): void {
  for (const [index, { tool_calls: calls, reasoning_content: thoughts = null }] of messages.entries()) {
    if (MISTRAL.test(model) && thoughts !== null)
      throw badRequest(
        'Extra inputs are not permitted',
        `messages.${index}.assistant.reasoning_content`,
        'extra_forbidden',
      );
    if (!Array.isArray(calls) || calls.length === 0 || !tellsThoughts(body, model)) continue;
    if (KIMI.test(model) && !thoughts)
      throw badRequest(
        `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${index}`,
        null,
      );
    if (DEEPSEEK.test(model) && thoughts === null)
      throw badRequest('The `reasoning_content` in the thinking mode must be passed back to the API.', null);
  }
}

/** Which roles may follow one. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  system: ['system', 'user', 'assistant'],
  user: ['system', 'user', 'assistant'],
  assistant: ['user', 'assistant', 'tool'],
  tool: ['assistant', 'tool'],
};

/** The roles that DeepSeek knows, and their order that Mistral and Qwen's own template insist on. */
export function checkOrder(messages: readonly ChatMessage[], model: string): void {
  const roles = messages.map(({ role }) => role);
  const developer = model.startsWith('deepseek') ? roles.indexOf('developer') : -1;
  if (developer !== -1)
    throw badRequest(
      `Failed to deserialize the JSON body into the target type: messages[${developer}].role: unknown variant \`developer\`, expected one of \`system\`, \`user\`, \`assistant\`, \`tool\`, \`latest_reminder\``,
      null,
    );
  if (model.startsWith('qwen') && roles.lastIndexOf('system') > 0)
    throw badRequest('System message must be at the beginning.', null);
  if (!MISTRAL.test(model)) return;
  const wrong = roles.findIndex((role, index) => index > 0 && AFTER[roles[index - 1] ?? '']?.includes(role) === false);
  if (wrong !== -1)
    throw badRequest(`Unexpected role '${roles[wrong]}' after role '${roles[wrong - 1]}'`, null, '3230');
  if (roles.at(-1) === 'system')
    throw badRequest(
      'Expected last role User or Tool (or Assistant with prefix True) for serving but got system',
      null,
      '3230',
    );
}

const CALLS_UNREASONED = /^gpt-(?:5\.[2-9]|[6-9])/;
/** Until then, models reason in chats only where they are told to. */
const REASONS_UNASKED = /^gpt-(?:5\.[5-9]|[6-9])/;
/** These always reason. */
const CALLS_NEVER = /^gpt-(?:6(?:\.\d+)?-astra|6\.\d+-sol)/;

function checkFunctions({ tools, reasoning_effort: told }: JsonObject, model: string): void {
  const effort = told ?? (REASONS_UNASKED.test(model) ? 'medium' : 'none');
  if (!CALLS_UNREASONED.test(model) || !Array.isArray(tools) || tools.length === 0) return;
  if (CALLS_NEVER.test(model))
    throw badRequest(
      `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. Please use /v1/responses instead.`,
      'reasoning_effort',
    );
  if (effort === 'none') return;
  throw badRequest(
    `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
    'reasoning_effort',
  );
}

const RESPONSES_ALONE = /^(?:codex|computer-use|(?:o\d|gpt-[\d.]+)-(?:pro|codex|deep-research))/;

/** What models that answer in responses alone say of a chat, and the settings that reasoning models refuse. */
export function checkSettings(body: JsonObject, model: string): void {
  if (RESPONSES_ALONE.test(model))
    throw new WireError(404, 'This model is only supported in v1/responses and not in v1/chat/completions.', {
      param: 'model',
    });
  if (!THINKS.test(model)) return;
  checkFunctions(body, model);
  if ((body.max_tokens ?? null) !== null) throw unsupported('max_tokens', " Use 'max_completion_tokens' instead.");
  if ((body.stop ?? null) !== null) throw unsupported('stop');
  for (const param of ['temperature', 'top_p']) {
    const value = body[param] ?? 1;
    if (value !== 1)
      throw badRequest(
        `Unsupported value: '${param}' does not support ${JSON.stringify(value)} with this model. Only the default (1) value is supported.`,
        param,
        'unsupported_value',
      );
  }
}

const unsupported = (param: string, instead = '') =>
  badRequest(
    `Unsupported parameter: '${param}' is not supported with this model.${instead}`,
    param,
    'unsupported_parameter',
  );
