// Random answers of Anthropic's, whole and as the events of a stream.
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/kernel/index.js';

const MODEL = 'claude-opus-5-5';
export const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: MODEL };

const tokens = fc.nat(1_000_000);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const id = fc.stringMatching(/^toolu_[A-Za-z0-9]{1,10}$/);

const usage = fc
  .record({ fresh: tokens, read: tokens, for5m: tokens, for1h: tokens, output: tokens, share: fc.nat(100) })
  .map(({ fresh, read, for5m, for1h, output, share }): JsonObject => ({
    input_tokens: fresh,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: for5m + for1h,
    cache_creation: { ephemeral_5m_input_tokens: for5m, ephemeral_1h_input_tokens: for1h },
    output_tokens: output,
    output_tokens_details: { thinking_tokens: Math.floor((output * share) / 100) },
    service_tier: 'standard',
  }));

const block = fc.oneof(
  text.map((said): JsonObject => ({ type: 'text', text: said })),
  fc.record({ type: fc.constant('thinking'), thinking: fc.string({ maxLength: 40 }), signature: fc.base64String() }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.base64String({ minLength: 4 }) }),
  fc.record({
    type: fc.constant('tool_use'),
    id,
    name: fc.constantFrom('get_weather', 'now'),
    input: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  }),
);

const stop = fc.oneof(
  fc
    .constantFrom('end_turn', 'max_tokens', 'tool_use', 'model_context_window_exceeded', 'pause_turn')
    .map((reason) => ({ stop_reason: reason, stop_sequence: null })),
  text.map((sequence) => ({ stop_reason: 'stop_sequence', stop_sequence: sequence })),
  fc.option(text).map((explanation) => ({
    stop_reason: 'refusal',
    stop_sequence: null,
    stop_details: { type: 'refusal', category: null, explanation },
  })),
);

/** A whole message, as a plain answer has it. */
export const messages: fc.Arbitrary<JsonObject> = fc
  .record({ content: fc.array(block, { maxLength: 5 }), stop, usage })
  .map(({ content, stop: end, usage: counts }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content,
    ...end,
    usage: counts,
  }));

/** Cuts a text into pieces at places that follow from `seed`; the pieces make the text again. */
function pieces(whole: string, seed: number): readonly string[] {
  const size = 1 + (seed % 7);
  const cut = [];
  for (let at = 0; at < whole.length; at += size) cut.push(whole.slice(at, at + size));
  return cut;
}

/** The events that stream a message, as Anthropic orders them. */
export function eventsOf(message: JsonObject, seed: number): readonly JsonObject[] {
  const { content, stop_reason, stop_sequence, stop_details, usage: counts, ...head } = message;
  const { output_tokens, output_tokens_details, ...known } = counts as JsonObject;
  const start = {
    ...head,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...known, output_tokens: Math.min(1, Number(output_tokens)) },
  };
  return [
    { type: 'message_start', message: start },
    { type: 'ping' },
    ...(content as readonly JsonObject[]).flatMap((one, index) => blockEvents(one, index, seed)),
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence, ...(stop_details !== undefined && { stop_details }) },
      usage: { input_tokens: null, output_tokens, output_tokens_details },
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(one: JsonObject, index: number, seed: number): readonly JsonObject[] {
  const event = (type: string, rest: JsonObject): JsonObject => ({ type: `content_block_${type}`, index, ...rest });
  const deltas = (type: string, field: string, whole: JsonValue | undefined): readonly JsonObject[] =>
    pieces(String(whole), seed).map((piece) => event('delta', { delta: { type, [field]: piece } }));
  switch (String(one['type'])) {
    case 'text':
      return [
        event('start', { content_block: { type: 'text', text: '' } }),
        ...deltas('text_delta', 'text', one['text']),
        event('stop', {}),
      ];
    case 'thinking':
      return [
        event('start', { content_block: { type: 'thinking', thinking: '', signature: '' } }),
        ...deltas('thinking_delta', 'thinking', one['thinking']),
        event('delta', { delta: { type: 'signature_delta', signature: one['signature'] } }),
        event('stop', {}),
      ];
    case 'tool_use': {
      const input = JSON.stringify(one['input']);
      return [
        event('start', { content_block: { ...one, input: {} } }),
        event('delta', { delta: { type: 'input_json_delta', partial_json: '' } }),
        ...(input === '{}' ? [] : deltas('input_json_delta', 'partial_json', input)),
        event('stop', {}),
      ];
    }
    default:
      return [event('start', { content_block: one }), event('stop', {})];
  }
}
