// Random responses of OpenAI's, whole and as the events of a stream.
import * as fc from 'fast-check';
import type { JsonObject } from '../../../../src/kernel/index.js';

export const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'gpt-6-astra' };

const tokens = fc.nat(1_000_000);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });

const usage = fc
  .record({ fresh: tokens, cached: tokens, written: tokens, said: tokens, thought: tokens })
  .map(({ fresh, cached, written, said, thought }): JsonObject => ({
    input_tokens: fresh + cached + written,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    output_tokens: said + thought,
    output_tokens_details: { reasoning_tokens: thought },
    total_tokens: fresh + cached + written + said + thought,
  }));

const citation = fc
  .record({ url: fc.webUrl(), title: text, start_index: fc.nat(9), end_index: fc.nat(9) })
  .map((cited): JsonObject => ({ type: 'url_citation', ...cited }));
const said = fc
  .record({ text, annotations: fc.array(citation, { maxLength: 1 }) })
  .map((part): JsonObject => ({ type: 'output_text', logprobs: [], ...part }));
const declined = text.map((refusal): JsonObject => ({ type: 'refusal', refusal }));

const item = fc.oneof(
  fc
    .record({
      summary: fc.array(text, { maxLength: 2 }),
      encrypted_content: fc.option(fc.base64String({ minLength: 4 })),
    })
    .map(({ summary, ...more }): JsonObject => ({
      type: 'reasoning',
      summary: summary.map((one) => ({ type: 'summary_text', text: one })),
      ...more,
    })),
  fc
    .array(fc.oneof({ weight: 4, arbitrary: said }, declined), { minLength: 1, maxLength: 2 })
    .map((content): JsonObject => ({ type: 'message', role: 'assistant', content })),
  fc
    .record({ name: fc.constantFrom('f', 'g'), arguments: fc.json() })
    .map((called): JsonObject => ({ type: 'function_call', ...called })),
  fc
    .record({ name: fc.constant('patch'), input: fc.string() })
    .map((called): JsonObject => ({ type: 'custom_tool_call', ...called })),
  fc.constant<JsonObject>({ type: 'web_search_call', action: { type: 'search' } }),
);

const end = fc.constantFrom<JsonObject>(
  { status: 'completed', incomplete_details: null },
  { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
);

/** A whole response, as a plain answer has it. */
export const responses: fc.Arbitrary<JsonObject> = fc
  .record({ output: fc.array(item, { maxLength: 5 }), end, usage })
  .map(({ output, end: ended, usage: counts }) => ({
    id: 'resp_1',
    object: 'response',
    error: null,
    ...ended,
    output: output.map((one, place) => ({
      id: `item_${place}`,
      ...(String(one['type']).endsWith('_call') && { call_id: `call_${place}` }),
      ...one,
    })),
    usage: counts,
  }));

/** Cuts a text into pieces; the pieces make the text again. */
const pieces = (whole: string, seed: number): readonly string[] =>
  whole.match(new RegExp(`[^]{1,${1 + (seed % 7)}}`, 'g')) ?? [];

/** The events that stream a response, in the order in which OpenAI sends them. */
export function eventsOf(response: JsonObject, seed: number): readonly JsonObject[] {
  const begun = { ...response, status: 'in_progress', incomplete_details: null, output: [], usage: null };
  const output = response['output'] as readonly JsonObject[];
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...output.flatMap((one, output_index) => [
      { type: 'response.output_item.added', output_index, item: started(one) },
      ...inner(one, seed).map((event): JsonObject => ({ item_id: `other_${seed}`, output_index, ...event })),
      { type: 'response.output_item.done', output_index, item: one },
    ]),
    { type: `response.${String(response['status'])}`, response },
  ].map((event, sequence_number) => ({ ...event, sequence_number }));
}

function started(one: JsonObject): JsonObject {
  const { content, summary, arguments: args, input, ...head } = one;
  return {
    ...head,
    ...(content !== undefined && { content: [] }),
    ...(summary !== undefined && { summary: [] }),
    ...(args !== undefined && { arguments: '' }),
    ...(input !== undefined && { input: '' }),
  };
}

function inner(one: JsonObject, seed: number): readonly JsonObject[] {
  const deltas = (event: string, whole: unknown, at: JsonObject = {}): JsonObject[] =>
    pieces(String(whole), seed).map((delta) => ({ type: `response.${event}.delta`, delta, obfuscation: 'x', ...at }));
  switch (String(one['type'])) {
    case 'reasoning':
      return (one['summary'] as readonly JsonObject[]).flatMap((part, summary_index) =>
        deltas('reasoning_summary_text', part['text'], { summary_index }),
      );
    case 'message':
      return (one['content'] as readonly JsonObject[]).flatMap((part, content_index): JsonObject[] =>
        part['type'] === 'refusal'
          ? deltas('refusal', part['refusal'], { content_index })
          : [
              ...deltas('output_text', part['text'], { content_index, logprobs: [] }),
              ...(part['annotations'] as readonly JsonObject[]).map((annotation) => ({
                type: 'response.output_text.annotation.added',
                annotation,
              })),
            ],
      );
    // Some calls come whole.
    case 'function_call':
      return seed % 3 === 0 ? [] : deltas('function_call_arguments', one['arguments']);
    case 'custom_tool_call':
      return seed % 3 === 0 ? [] : deltas('custom_tool_call_input', one['input']);
    default:
      return [{ type: 'response.web_search_call.searching' }];
  }
}
