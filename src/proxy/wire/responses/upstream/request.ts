// A chat completion request as the body of OpenAI's POST /v1/responses.
// https://developers.openai.com/api/reference/resources/responses/methods/create
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { defined, numberIn, objectIn } from '../../json.js';
import { Untranslatable } from '../../wire.js';
import { sameFields } from '../same-fields.js';
import { inputOf } from './input.js';
import { reasoningOf } from './reasoning.js';
import { toolChoiceOf, toolsOf } from './tools.js';
import { refuseUnequalled } from './unequalled.js';

/** Nothing is stored, so the encrypted reasoning is asked for, to send it back. @throws Untranslatable */
export function responsesRequest(chat: JsonObject): JsonObject {
  refuseUnequalled(chat);
  const tools = toolsOf(chat['tools']);
  const withLogprobs = chat['logprobs'] === true;
  return defined({
    ...sameFields(chat),
    input: inputOf(chat),
    max_output_tokens: chat['max_completion_tokens'] ?? chat['max_tokens'] ?? undefined,
    tools,
    ...(tools && {
      tool_choice: toolChoiceOf(chat['tool_choice']),
      parallel_tool_calls: chat['parallel_tool_calls'] ?? undefined,
    }),
    text: textOf(chat),
    reasoning: reasoningOf(chat),
    top_logprobs: withLogprobs ? (numberIn(chat, 'top_logprobs') ?? 0) : undefined,
    include: ['reasoning.encrypted_content', ...(withLogprobs ? ['message.output_text.logprobs'] : [])],
    metadata: chat['metadata'] ?? undefined,
    prompt_cache_options: chat['prompt_cache_options'] ?? undefined,
    store: false,
    ...(chat['stream'] === true && { stream: true, ...streamOptions(chat) }),
  });
}

function textOf(chat: JsonObject): JsonObject | undefined {
  const text = defined({ format: formatOf(chat['response_format']), verbosity: chat['verbosity'] ?? undefined });
  return Object.keys(text).length === 0 ? undefined : text;
}

function formatOf(format: JsonValue | undefined): JsonObject | undefined {
  if (format === undefined || format === null) return undefined;
  const type = isJsonObject(format) ? format['type'] : undefined;
  if (type === 'text' || type === 'json_object') return { type };
  const named = isJsonObject(format) && type === 'json_schema' ? objectIn(format, 'json_schema') : undefined;
  if (named !== undefined) return { type: 'json_schema', ...named };
  throw new Untranslatable(
    '"response_format" must be of type "text", "json_object" or "json_schema" with a schema.',
    'response_format',
  );
}

/** The usage always comes; what pads the deltas can be turned off in both. */
function streamOptions(chat: JsonObject): JsonObject {
  const padded = objectIn(chat, 'stream_options')?.['include_obfuscation'] ?? undefined;
  return padded === undefined ? {} : { stream_options: { include_obfuscation: padded } };
}
