// The reply as a response, whole or as its events: https://developers.openai.com/api/reference/resources/responses/streaming-events
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { Tool } from '../chat-request.js';
import type { WireError } from '../errors.js';
import { type Answer, type ChatFormat, type Frame, grouped } from '../format.js';
import type { Choice } from '../reply.js';
import type { Usage } from '../usage.js';
import { ENCRYPTED } from './responses-input.js';
import type { ResponsesRequest } from './responses-request.js';
import { OWN_TOOLS } from './responses-tools.js';

export const RESPONSES: ChatFormat = { idPrefix: 'resp_', whole, frames, failed };

/** An item of the output, and the events between its start and its end. */
interface Item {
  readonly begun: JsonObject;
  readonly events: readonly JsonObject[];
  readonly done: JsonObject;
}

function whole(answer: Answer): Frame {
  const { response, usage } = ended(answer);
  return { text: JSON.stringify(response), usage };
}

function frames(answer: Answer): readonly Frame[] {
  const { response, usage } = ended(answer);
  const begun = { response: { ...response, status: 'in_progress', incomplete_details: null, output: [], usage: null } };
  const items = itemsOf(answer).flatMap(({ begun: item, events, done }, index): readonly JsonObject[] => {
    const at = { output_index: index };
    return [
      { type: 'response.output_item.added', ...at, item },
      ...events.map((event) => ({ ...event, item_id: item.id ?? null, ...at })),
      { type: 'response.output_item.done', ...at, item: done },
    ];
  });
  const all = [
    { type: 'response.created', ...begun },
    { type: 'response.in_progress', ...begun },
    ...items,
    { type: `response.${String(response.status)}`, response },
  ];
  return all.map((event, index) => ({
    text: frame(event, index),
    usage: index === all.length - 1 ? usage : null,
  }));
}

/** The error as OpenAI reports it: as an event of its own, and as the failed response. */
function failed({ type, code, message, param }: WireError): string {
  const response = {
    ...REPEATED,
    id: 'resp_failed',
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: 'failed',
    error: { code: code ?? type, message },
    incomplete_details: null,
    model: 'sandbox',
    output: [],
    tools: [],
    usage: null,
  };
  return frame({ type: 'error', code, message, param }, 0) + frame({ type: 'response.failed', response }, 1);
}

const frame = (event: JsonObject, sequence: number): string =>
  `event: ${String(event.type)}\ndata: ${JSON.stringify({ ...event, sequence_number: sequence })}\n\n`;

function ended(answer: Answer): { readonly response: JsonObject; readonly usage: JsonObject | null } {
  const { id, created, reply } = answer;
  const { body, model } = answer.request as ResponsesRequest;
  const cut = choiceOf(answer).finishReason === 'length';
  const usage = reply.usage && responseUsage(reply.usage);
  const repeated = Object.entries(REPEATED).map(([field, otherwise]) => [field, body[field] ?? otherwise]);
  const response = {
    ...Object.fromEntries(repeated),
    id,
    object: 'response',
    created_at: created,
    status: cut ? 'incomplete' : 'completed',
    background: false,
    error: null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    model,
    output: itemsOf(answer).map(({ done }) => done),
    service_tier: 'default',
    store: body.store ?? true,
    tools: body.tools ?? [],
    usage,
  };
  return { response, usage };
}

/** The request fields that a response repeats, with their defaults. */
const REPEATED = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
} as const;

const responseUsage = (usage: Usage): JsonObject => ({
  input_tokens: usage.prompt_tokens,
  input_tokens_details: { cached_tokens: usage.prompt_tokens_details.cached_tokens, cache_write_tokens: 0 },
  output_tokens: usage.completion_tokens,
  output_tokens_details: { reasoning_tokens: usage.completion_tokens_details.reasoning_tokens },
  total_tokens: usage.total_tokens,
});

function choiceOf({ reply }: Answer): Choice {
  const [choice] = reply.choices;
  if (choice === undefined) throw new Error('a response has one choice');
  return choice;
}

function itemsOf(answer: Answer): readonly Item[] {
  const choice = choiceOf(answer);
  const { thoughts } = answer.reply;
  const thought = thoughts === undefined ? [] : [reasoning(answer, thoughts)];
  const tool = answer.request.tools.find(({ name }) => name === choice.tool);
  if (tool !== undefined) return [...thought, call(answer, tool, choice)];
  return choice.pieces.length === 0 ? thought : [...thought, said(answer, choice)];
}

const idFor = ({ id }: Answer, prefix: string): string => `${prefix}_${id.replace('resp_', '')}`;

function reasoning(answer: Answer, thoughts: readonly string[]): Item {
  const { include } = (answer.request as ResponsesRequest).body;
  const text = thoughts.join('');
  const isEncrypted = Array.isArray(include) && include.includes('reasoning.encrypted_content');
  const item = { id: idFor(answer, 'rs'), type: 'reasoning' };
  const encrypted = isEncrypted && { encrypted_content: ENCRYPTED + Buffer.from(text).toString('base64url') };
  const part = { type: 'summary_text', text };
  const summary = 'response.reasoning_summary';
  const at = { summary_index: 0 };
  const events =
    text === ''
      ? []
      : [
          { type: `${summary}_part.added`, ...at, part: { ...part, text: '' } },
          ...grouped(thoughts, answer.knobs.chunks).map((delta) => ({ type: `${summary}_text.delta`, ...at, delta })),
          { type: `${summary}_text.done`, ...at, text },
          { type: `${summary}_part.done`, ...at, part },
        ];
  return {
    begun: { ...item, ...encrypted, summary: [] },
    events,
    done: { ...item, ...encrypted, summary: text === '' ? [] : [part] },
  };
}

function said(answer: Answer, { pieces, finishReason }: Choice): Item {
  const text = pieces.join('');
  const part = { type: 'output_text', annotations: [], logprobs: [], text };
  const item = { id: idFor(answer, 'msg'), type: 'message', role: 'assistant' };
  const at = { content_index: 0 };
  return {
    begun: { ...item, status: 'in_progress', content: [] },
    events: [
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      ...grouped(pieces, answer.knobs.chunks).map((delta) => {
        return { type: 'response.output_text.delta', ...at, delta, logprobs: [] };
      }),
      { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part },
    ],
    done: { ...item, status: finishReason === 'length' ? 'incomplete' : 'completed', content: [part] },
  };
}

function call(answer: Answer, tool: Tool, { pieces, finishReason }: Choice): Item {
  const input = pieces.join('');
  const status = finishReason === 'length' ? 'incomplete' : 'completed';
  const called = { call_id: idFor(answer, 'call') };
  const type = String(tool.definition.type);
  const own = OWN_TOOLS[type];
  if (own !== undefined) {
    const callFields = { [own.field]: parsed(input) };
    const execution = type === 'tool_search' && { execution: 'client' };
    const item = { id: idFor(answer, own.prefix), type: own.item, ...called, ...execution };
    return {
      begun: { ...item, ...callFields, status: 'in_progress' },
      events: [],
      done: { ...item, ...callFields, status },
    };
  }
  const isCustom = type === 'custom';
  const field = isCustom ? 'input' : 'arguments';
  const event = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const name = String(tool.definition.name);
  const namespace = tool.name === name ? {} : { namespace: tool.name.slice(0, -name.length - 1) };
  const item = {
    id: idFor(answer, isCustom ? 'ctc' : 'fc'),
    type: isCustom ? 'custom_tool_call' : 'function_call',
    ...called,
    ...namespace,
    name,
  };
  return {
    begun: { ...item, [field]: '', status: 'in_progress' },
    events: [
      ...grouped(pieces, answer.knobs.chunks).map((delta) => ({ type: `${event}.delta`, delta })),
      { type: `${event}.done`, ...(!isCustom && { name }), [field]: input },
    ],
    done: { ...item, [field]: input, status },
  };
}

/** Truncated JSON is returned as the text it is. */
function parsed(input: string): JsonValue {
  try {
    const value: unknown = JSON.parse(input);
    return isJsonObject(value) ? value : input;
  } catch {
    return input;
  }
}
