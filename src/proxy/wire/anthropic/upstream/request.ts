// A chat completion request as the body of POST /v1/messages. https://platform.claude.com/docs/en/api/messages/create
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { defined, numberIn, numericIn, objectIn, textIn } from '../../json.js';
import { type Traits, traitsOf } from '../models.js';
import { type Blocks, cacheControl, contentOf } from './content.js';
import { conversationOf } from './conversation.js';
import { refuseUnequalled } from './refusals.js';
import { supportedSchema } from './schema.js';
import { droppingUnfit, type Thinking, thinkingOf } from './thinking.js';
import { toolChoiceOf, toolsOf } from './tools.js';

/** @throws Untranslatable */
export function messagesRequest(chat: JsonObject): JsonObject {
  refuseUnequalled(chat);
  const model = textIn(chat, 'model') ?? '';
  const traits = traitsOf(model);
  const maxTokens = numberIn(chat, 'max_completion_tokens') ?? numberIn(chat, 'max_tokens');
  if (maxTokens === undefined) throw new Untranslatable('"max_tokens" must be a number of tokens.', 'max_tokens');
  const tools = toolsOf(chat);
  const toolChoice = tools && toolChoiceOf(chat, traits);
  const forced = toolChoice?.['type'] === 'any' || toolChoice?.['type'] === 'tool';
  const { thinking, effort } = thinkingOf(chat, traits, { maxTokens, forced });
  const { system, messages } = conversationOf(chat['messages'], traits);
  const format = formatOf(chat['response_format']);
  const instructions = [...system, ...format.instructions];
  const outputConfig = defined({ effort, format: format.schema });
  return defined({
    model,
    max_tokens: maxTokens,
    system: instructions.length === 0 ? undefined : contentOf(instructions),
    messages,
    tools,
    tool_choice: toolChoice,
    stop_sequences: stopSequencesOf(chat['stop']),
    ...samplingOf(chat, traits, thinking),
    thinking: droppingUnfit(thinking, messages, traits),
    output_config: Object.keys(outputConfig).length === 0 ? undefined : outputConfig,
    metadata: metadataOf(chat),
    stream: chat['stream'] === true ? true : undefined,
    ...cacheControl(chat),
  });
}

/**
 * Anthropic's temperatures end at 1. Recent models refuse sampling parameters; some of the others refuse both at once.
 */
function samplingOf(chat: JsonObject, { sampling }: Traits, thinking: Thinking['thinking']): JsonObject {
  if (!sampling) return {};
  const [temperature, topP, topK] = ['temperature', 'top_p', 'top_k'].map((field) => numericIn(chat, field));
  const thinks = thinking !== undefined && thinking['type'] !== 'disabled';
  if (thinks) return (numberIn(chat, 'top_p') ?? 0) >= 0.95 ? { top_p: topP } : {};
  const isHot = (numberIn(chat, 'temperature') ?? 0) > 1;
  return {
    ...(temperature === undefined ? { top_p: topP } : { temperature: isHot ? 1 : temperature }),
    top_k: topK,
  };
}

function stopSequencesOf(stop: JsonValue | undefined): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  const sequences = Array.isArray(stop) ? (stop as readonly JsonValue[]) : [stop];
  const given = sequences.filter((sequence) => sequence !== '');
  if (!given.every((sequence) => typeof sequence === 'string' && sequence.trim() !== '')) {
    throw new Untranslatable(
      '"stop" must be one or more texts with something besides white space: this model takes no others.',
      'stop',
    );
  }
  return given.length === 0 ? undefined : (given as readonly string[]);
}

/** Anthropic has no mode that only guarantees JSON, so the prompt requests it. */
const JSON_INSTRUCTION = 'Answer with a single JSON object and nothing else: no other text, no code fence.';

interface Format {
  readonly instructions: Blocks;
  readonly schema?: JsonObject;
}

function formatOf(format: JsonValue | undefined): Format {
  if (format === undefined || format === null) return { instructions: [] };
  const type = isJsonObject(format) ? format['type'] : undefined;
  if (type === 'text') return { instructions: [] };
  if (type === 'json_object') return { instructions: [{ type: 'text', text: JSON_INSTRUCTION }] };
  const named = isJsonObject(format) && type === 'json_schema' ? objectIn(format, 'json_schema') : undefined;
  const schema = named && objectIn(named, 'schema');
  if (schema === undefined) {
    throw new Untranslatable(
      '"response_format" must be of type "text", "json_object" or "json_schema" with a schema.',
      'response_format',
    );
  }
  const at = 'response_format.json_schema.schema';
  return { instructions: [], schema: { type: 'json_schema', schema: supportedSchema(schema, at) } };
}

const MAX_USER_ID = 256;

/** Anthropic refuses e-mail addresses as ids, and says that ids should not identify a person. */
function metadataOf(chat: JsonObject): JsonObject | undefined {
  const metadata = objectIn(chat, 'metadata') ?? {};
  const id = textIn(metadata, 'user_id') ?? textIn(chat, 'safety_identifier') ?? textIn(chat, 'user');
  return id === undefined || id === '' || id.length > MAX_USER_ID || id.includes('@') ? undefined : { user_id: id };
}
