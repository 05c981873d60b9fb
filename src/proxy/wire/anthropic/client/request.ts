// A request of Anthropic's Messages API as a chat completion, for models that speak another format.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { defined, numberIn, numericIn, objectIn, textIn } from '../../json.js';
import { canBeStrict, isReasoningModel } from '../../openai.js';
import { withoutAttribution } from '../attribution.js';
import { refuseUnsupported } from '../unsupported.js';
import { chatMessages } from './messages.js';
import { reasoningFields } from './reasoning.js';
import { chatToolChoice, chatTools } from './tools.js';

/** The longest end-user id that OpenAI documents. */
const MAX_USER_ID = 64;

/** @throws Untranslatable */
export function chatRequest(received: JsonObject): JsonObject {
  refuseUnsupported(received);
  const body = withoutAttribution(received);
  const model = textIn(body, 'model') ?? '';
  const maxTokens = numberIn(body, 'max_tokens');
  if (maxTokens === 0)
    throw new Untranslatable('"max_tokens" must be at least 1: this model’s cache can’t be warmed.', 'max_tokens');
  const tools = chatTools(body);
  const stream = body['stream'] === true;
  const userId = textIn(objectIn(body, 'metadata') ?? {}, 'user_id');
  return defined({
    model,
    max_tokens: maxTokens,
    messages: chatMessages(body, model),
    tools,
    ...(tools && chatToolChoice(body['tool_choice'])),
    stop: stopOf(body['stop_sequences'], model),
    ...samplingOf(body, model),
    response_format: formatOf(body),
    ...reasoningFields(model, body),
    user: userId !== undefined && userId.length <= MAX_USER_ID ? userId : undefined,
    stream: stream || undefined,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

function stopOf(sequences: JsonValue | undefined, model: string): readonly JsonValue[] | undefined {
  if (!Array.isArray(sequences) || sequences.length === 0) return undefined;
  if (isReasoningModel(model))
    throw new Untranslatable('This model takes no stop sequences: leave them out.', 'stop_sequences');
  return sequences as readonly JsonValue[];
}

/** Reasoning models refuse sampling parameters. */
const samplingOf = (body: JsonObject, model: string): JsonObject =>
  isReasoningModel(model) ? {} : { temperature: numericIn(body, 'temperature'), top_p: numericIn(body, 'top_p') };

/**
 * Anthropic guarantees that the answer fits the schema; `strict` requests the same from models that support it. A
 * schema adapted for `strict`, with optional properties turned into nullable ones, would return something the client
 * does not expect. `output_format` is the older name of the field.
 */
function formatOf(body: JsonObject): JsonObject | undefined {
  const format = objectIn(body, 'output_config')?.['format'] ?? body['output_format'] ?? undefined;
  if (format === undefined) return undefined;
  const schema = isJsonObject(format) && format['type'] === 'json_schema' ? objectIn(format, 'schema') : undefined;
  if (schema === undefined)
    throw new Untranslatable(
      '"output_config.format" must be of type "json_schema" with a schema.',
      'output_config.format',
    );
  return { type: 'json_schema', json_schema: { name: 'answer', schema, strict: canBeStrict(schema) } };
}
