// The response object around the output. It repeats most of the request; unset fields have OpenAI's defaults.
// https://platform.openai.com/docs/api-reference/responses/object
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { objectIn, objectsOf } from '../json.js';
import type { AnswerContext } from '../wire.js';

/** The part that both ids share: `7` of `chatcmpl-7`. */
export const idOf = (chatId: string): string => chatId.replace(/^chatcmpl-/, '');

/** A response before its first item. Nothing is stored here, whatever the request says. */
export function emptyResponse({ id, created, model }: AnswerContext, request: JsonObject): JsonObject {
  const repeated = (field: string, otherwise: JsonValue): JsonValue => request[field] ?? otherwise;
  const [reasoning, text] = [objectIn(request, 'reasoning') ?? {}, objectIn(request, 'text') ?? {}];
  return {
    id: `resp_${idOf(id)}`,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: repeated('instructions', null),
    max_output_tokens: repeated('max_output_tokens', null),
    max_tool_calls: repeated('max_tool_calls', null),
    metadata: repeated('metadata', {}),
    model,
    output: [],
    parallel_tool_calls: repeated('parallel_tool_calls', true),
    previous_response_id: null,
    prompt_cache_key: repeated('prompt_cache_key', null),
    reasoning: { effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null },
    safety_identifier: repeated('safety_identifier', null),
    service_tier: repeated('service_tier', 'auto'),
    store: false,
    temperature: repeated('temperature', 1),
    text: { format: text['format'] ?? { type: 'text' }, verbosity: text['verbosity'] ?? 'medium' },
    tool_choice: repeated('tool_choice', 'auto'),
    tools: objectsOf(request['tools']).map(toolOf),
    top_logprobs: repeated('top_logprobs', 0),
    top_p: repeated('top_p', 1),
    truncation: 'disabled',
    usage: null,
    user: repeated('user', null),
    access_programs: null,
  };
}

const toolOf = (tool: JsonObject): JsonObject =>
  tool['type'] === 'function'
    ? {
        ...tool,
        description: tool['description'] ?? null,
        parameters: tool['parameters'] ?? null,
        strict: tool['strict'] ?? false,
      }
    : tool;

export type Status = 'completed' | 'incomplete';

/** `status` and `incomplete_details` for a chat's finish reason. */
export function statusOf(finish: string | undefined): {
  readonly status: Status;
  readonly incomplete_details: JsonObject | null;
} {
  if (finish === 'length') return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (finish === 'content_filter') return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed', incomplete_details: null };
}

/** The usage of a chat in the shape of a response; null when there is none. */
export function responseUsage(usage: JsonObject | undefined): JsonObject | null {
  if (usage === undefined) return null;
  const prompt = objectIn(usage, 'prompt_tokens_details') ?? {};
  const completion = objectIn(usage, 'completion_tokens_details') ?? {};
  return {
    input_tokens: usage['prompt_tokens'],
    input_tokens_details: {
      cached_tokens: prompt['cached_tokens'],
      cache_write_tokens: prompt['cache_write_tokens'],
    },
    output_tokens: usage['completion_tokens'],
    output_tokens_details: { reasoning_tokens: completion['reasoning_tokens'] },
    total_tokens: usage['total_tokens'],
  };
}
