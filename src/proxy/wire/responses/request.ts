// A request of the Responses API as a chat completion.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { defined, objectIn } from '../json.js';
import { Untranslatable } from '../wire.js';
import { chatMessages } from './input.js';
import { sameFields } from './same-fields.js';
import { Toolbox } from './tools.js';
import { refuseUnsupported } from './unsupported.js';

/** `metadata` is left out: a chat only stores it. @throws Untranslatable */
export function chatRequest(body: JsonObject): JsonObject {
  refuseUnsupported(body);
  const { tools, choice } = new Toolbox(body);
  const stream = body['stream'] === true;
  return defined({
    ...sameFields(body),
    messages: chatMessages(body),
    max_completion_tokens: maxTokensOf(body),
    tools,
    ...(tools && { tool_choice: choice, parallel_tool_calls: body['parallel_tool_calls'] ?? undefined }),
    response_format: formatOf(body),
    verbosity: objectIn(body, 'text')?.['verbosity'] ?? undefined,
    reasoning_effort: objectIn(body, 'reasoning')?.['effort'] ?? undefined,
    ...logprobsOf(body),
    stream: stream || undefined,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

/** The cap is checked here, so that the message can use the client's name for it. */
function maxTokensOf(body: JsonObject): JsonValue | undefined {
  const most = body['max_output_tokens'] ?? undefined;
  if (most === undefined || (Number.isSafeInteger(most) && Number(most) >= 1)) return most;
  throw new Untranslatable('"max_output_tokens" must be a whole number from 1.', 'max_output_tokens');
}

function formatOf(body: JsonObject): JsonObject | undefined {
  const format = objectIn(body, 'text')?.['format'] ?? undefined;
  const { type, name, description, schema, strict }: JsonObject = isJsonObject(format) ? format : {};
  if (format === undefined || type === 'text') return undefined;
  if (type === 'json_object') return { type };
  if (type === 'json_schema' && typeof name === 'string' && isJsonObject(schema))
    return {
      type,
      json_schema: defined({ name, description, schema, strict: strict ?? undefined }),
    };
  throw new Untranslatable(
    '"text.format" must be of type "text", "json_object", or "json_schema" with a "name" and a "schema".',
    'text.format',
  );
}

/** Either field requests them: the number of alternatives, or the include list. */
function logprobsOf(body: JsonObject): JsonObject {
  const include = body['include'];
  const most = body['top_logprobs'] ?? 0;
  const isIncluded = Array.isArray(include) && include.includes('message.output_text.logprobs');
  return isIncluded || most !== 0 ? { logprobs: true, top_logprobs: most } : {};
}
