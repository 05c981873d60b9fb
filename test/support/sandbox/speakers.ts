// Small clients of the four chat formats the sandbox provider speaks, for what its specs say of all of them.
import type { JsonObject } from '../../../src/kernel/index.js';

/** JSON of any shape. */
type Parsed = ReturnType<typeof JSON.parse>;

export interface SpeakerCall {
  readonly prompt: string;
  readonly stream?: boolean;
  readonly maxTokens?: number;
  readonly stop?: string;
  /** The name of a tool that takes a city. */
  readonly tool?: string;
  /** What the calls of that tool until now returned, one after another. */
  readonly results?: readonly string[];
  readonly thinking?: boolean;
}

/** What an answer tells, whole or in a stream. */
export interface Told {
  readonly thoughts: string;
  readonly text: string;
  readonly calls: readonly { readonly name: unknown; readonly args: unknown }[];
  readonly ended: unknown;
  readonly usage: unknown;
}

interface Speaker {
  readonly headers: Readonly<Record<string, string>>;
  path(call: SpeakerCall): string;
  body(call: SpeakerCall): JsonObject;
  /** Reads the data of all events of a stream, or the one of a body. */
  read(data: readonly Parsed[]): Told;
  /** Whether the last event of a stream says that it is whole. */
  isEnd(data: string): boolean;
  /** The type of an error. */
  errorType(body: Parsed): unknown;
}

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const argsOf = (json: string): unknown => (json === '' ? undefined : JSON.parse(json));

const openai: Speaker = {
  headers: { authorization: 'Bearer x' },
  path: () => '/v1/chat/completions',
  body: ({ prompt, stream = false, maxTokens, stop, tool, results = [] }) => ({
    model: 'gpt-4o',
    messages: [
      { role: 'user', content: prompt },
      ...results.flatMap((content, index) => {
        const call = { id: `call_${index}`, type: 'function', function: { name: tool ?? '', arguments: '{}' } };
        const tool_calls = [call];
        return [
          { role: 'assistant', content: null, tool_calls },
          { role: 'tool', tool_call_id: call.id, content },
        ];
      }),
    ],
    ...(stream && { stream, stream_options: { include_usage: true } }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(stop !== undefined && { stop }),
    ...(tool !== undefined && { tools: [{ type: 'function', function: { name: tool, parameters: SCHEMA } }] }),
  }),
  read: (data) => {
    const choices = data.flatMap((event) => event.choices?.[0] ?? []);
    const messages = choices.map(({ message, delta }) => message ?? delta);
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
    const args = calls.map((call) => call.function.arguments).join('');
    return {
      thoughts: '',
      text: messages.map(({ content }) => content ?? '').join(''),
      calls: calls.length === 0 ? [] : [{ name: calls[0].function.name, args: argsOf(args) }],
      ended: choices.findLast(({ finish_reason }) => finish_reason)?.finish_reason,
      usage: data.findLast(({ usage }) => usage)?.usage,
    };
  },
  isEnd: (data) => data === '[DONE]',
  errorType: ({ error }) => error.type,
};

const anthropic: Speaker = {
  headers: { 'x-api-key': 'x', 'anthropic-version': '2023-06-01' },
  path: () => '/anthropic/v1/messages',
  body: ({ prompt, stream = false, maxTokens = 4000, stop, tool, thinking, results = [] }) => ({
    model: 'claude-sonnet-4-5',
    max_tokens: maxTokens,
    messages: [
      { role: 'user', content: prompt },
      ...results.flatMap((content, index) => {
        const id = `toolu_${index}`;
        return [
          { role: 'assistant', content: [{ type: 'tool_use', id, name: tool ?? '', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] },
        ];
      }),
    ],
    stream,
    ...(stop !== undefined && { stop_sequences: [stop] }),
    ...(tool !== undefined && { tools: [{ name: tool, input_schema: SCHEMA }] }),
    ...(thinking && { thinking: { type: 'enabled', budget_tokens: 1024 } }),
  }),
  read: (data) => {
    const deltas = data.flatMap(({ delta }) => delta ?? []);
    const blocks = data.flatMap(({ content, content_block: block }) => content ?? block ?? []);
    const joined = (field: string) => [...blocks, ...deltas].map((part) => part[field] ?? '').join('');
    const call = blocks.find(({ type }) => type === 'tool_use');
    const json = joined('partial_json');
    const usages = data.flatMap(({ usage, message }) => usage ?? message?.usage ?? []);
    return {
      thoughts: joined('thinking'),
      text: joined('text'),
      calls: call ? [{ name: call.name, args: json === '' ? call.input : JSON.parse(json) }] : [],
      ended: [...data, ...deltas].findLast((part) => part.stop_reason)?.stop_reason,
      usage: usages.length === 0 ? undefined : Object.assign({}, ...usages),
    };
  },
  isEnd: (data) => JSON.parse(data).type === 'message_stop',
  errorType: ({ type, error }) => type === 'error' && error.type,
};

const gemini: Speaker = {
  headers: { 'x-goog-api-key': 'x' },
  path: ({ stream }) =>
    `/gemini/v1beta/models/gemini-3-pro:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: ({ prompt, maxTokens, stop, tool, thinking, results = [] }) => ({
    contents: [
      { role: 'user', parts: [{ text: prompt }] },
      ...results.flatMap((output) => {
        const name = tool ?? '';
        return [
          { role: 'model', parts: [{ functionCall: { name, args: {} }, thoughtSignature: 'c2ln' }] },
          { role: 'user', parts: [{ functionResponse: { name, response: { output } } }] },
        ];
      }),
    ],
    generationConfig: {
      ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
      ...(stop !== undefined && { stopSequences: [stop] }),
      ...(thinking && { thinkingConfig: { includeThoughts: true } }),
    },
    ...(tool !== undefined && { tools: [{ functionDeclarations: [{ name: tool, parametersJsonSchema: SCHEMA }] }] }),
  }),
  read: (data) => {
    const candidates = data.flatMap((event) => event.candidates ?? []);
    const parts = candidates.flatMap(({ content }) => content.parts ?? []);
    const textOf = (isThought: boolean) =>
      parts.map((part) => (Boolean(part.thought) === isThought ? (part.text ?? '') : '')).join('');
    return {
      thoughts: textOf(true),
      text: textOf(false),
      calls: parts.flatMap(({ functionCall: call }) => (call ? [{ name: call.name, args: call.args }] : [])),
      ended: candidates.findLast(({ finishReason }) => finishReason)?.finishReason,
      usage: data.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata,
    };
  },
  isEnd: (data) => JSON.parse(data).candidates[0].finishReason !== undefined,
  errorType: ({ error }) => error.status,
};

const responses: Speaker = {
  headers: { authorization: 'Bearer x' },
  path: () => '/v1/responses',
  body: ({ prompt, stream = false, maxTokens, tool, thinking, results = [] }) => ({
    model: 'gpt-5.4',
    input: [
      { role: 'user', content: prompt },
      ...results.flatMap((output, index) => {
        const call_id = `call_${index}`;
        return [
          { type: 'function_call', call_id, name: tool ?? '', arguments: '{}' },
          { type: 'function_call_output', call_id, output },
        ];
      }),
    ],
    stream,
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...(tool !== undefined && { tools: [{ type: 'function', name: tool, parameters: SCHEMA, strict: false }] }),
    ...(thinking && { reasoning: { effort: 'low', summary: 'auto' } }),
  }),
  read: (data) => {
    const isStream = data.some(({ type }) => type !== undefined);
    const items = data.flatMap(({ type, item, output }) =>
      type === 'response.output_item.done' ? [item] : (output ?? []),
    );
    const text = (itemType: string, field: string, event: string) =>
      isStream
        ? data.map(({ type, delta }) => (type === event ? delta : '')).join('')
        : items
            .filter(({ type }) => type === itemType)
            .flatMap((item) => item[field])
            .map((part) => part.text)
            .join('');
    const calls = items.filter(({ type }) => type === 'function_call');
    const { response = data.at(-1) } = data.findLast((event) => event.response) ?? {};
    const { status, incomplete_details: details, usage } = response ?? {};
    return {
      thoughts: text('reasoning', 'summary', 'response.reasoning_summary_text.delta'),
      text: text('message', 'content', 'response.output_text.delta'),
      calls: calls.map((call) => ({ name: call.name, args: argsOf(call.arguments) })),
      ended: details?.reason ?? status,
      usage: usage ?? undefined,
    };
  },
  isEnd: (data) => /^response\.(?:completed|incomplete)$/.test(JSON.parse(data).type),
  errorType: ({ error, response }) => error?.type ?? response.error.code,
};

export const SPEAKERS = { openai, anthropic, gemini, responses } as const;
export type Format = keyof typeof SPEAKERS;
export const FORMATS: readonly Format[] = ['openai', 'anthropic', 'gemini', 'responses'];

export const ask = (
  url: string,
  format: Format,
  call: SpeakerCall,
  { signal = null, requestId = 'r' }: { readonly signal?: AbortSignal | null; readonly requestId?: string } = {},
): Promise<Response> => {
  const speaker = SPEAKERS[format];
  return fetch(url + speaker.path(call), {
    method: 'POST',
    headers: { ...speaker.headers, 'x-request-id': requestId },
    body: JSON.stringify(speaker.body(call)),
    signal,
  });
};

/** What came of a response: the data of its events, and whether the connection was lost. */
export async function received(response: Response): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
    return { text, isCut: false };
  } catch {
    return { text, isCut: true };
  }
}

/** The data of a stream's events. */
export const dataOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));

/** What a client makes of the data of a stream; data that is not JSON is ignored. */
export function toldBy(format: Format, data: readonly string[]): Told {
  const events = data.flatMap((json) => {
    try {
      return [JSON.parse(json)];
    } catch {
      return [];
    }
  });
  return SPEAKERS[format].read(events);
}
