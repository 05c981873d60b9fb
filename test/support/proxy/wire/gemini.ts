// Chats for Gemini's wire format, and a client of its streams.
import { expect } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../src/kernel/index.js';
import { gemini } from '../../../../src/proxy/wire/gemini/index.js';
import { Untranslatable, type UpstreamStream } from '../../../../src/proxy/wire/wire.js';

export const context = { id: 'chatcmpl-1', created: 1_760_000_000, model: 'gemini-3.5-flash' };
export const hello: JsonObject = { role: 'user', content: 'Hello' };

export const chat = (more: JsonObject = {}): JsonObject => ({
  model: 'gemini-3.5-flash',
  messages: [hello],
  max_tokens: 100,
  ...more,
});

/** The generationConfig of a chat. */
export const configOf = (more: JsonObject): JsonValue | undefined => gemini.request(chat(more))['generationConfig'];

/** What a function throws, or undefined. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Why a chat is not translated. */
export function refusalOf(more: JsonObject): Untranslatable {
  const error = thrownBy(() => gemini.request(chat(more)));
  if (error instanceof Untranslatable) return error;
  throw new Error('it was translated', { cause: error });
}

/** Pushes events and parses the frames that come of it. */
export function play(
  events: readonly JsonObject[],
  includeUsage = false,
): { readonly stream: UpstreamStream; readonly chunks: readonly JsonObject[] } {
  const stream = gemini.stream(context, { includeUsage });
  const frames = events.map((event) => stream.push(JSON.stringify(event))).join('');
  const chunks = frames.split('\n\n').slice(0, -1);
  expect(chunks.every((frame) => frame.startsWith('data: ') && !frame.includes('\n'))).toBe(true);
  return { stream, chunks: chunks.map((frame) => JSON.parse(frame.slice('data: '.length)) as JsonObject) };
}

interface Chunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Delta;
    readonly finish_reason: string | null;
    readonly native_finish_reason?: string;
  }[];
  readonly usage?: JsonValue;
}

interface Delta {
  readonly role?: string;
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ({ readonly index: number } & JsonObject)[];
  readonly extra_content?: JsonValue;
}

/** What a client makes of chunks: the choices and the usage of the whole completion. */
export function joined(chunks: readonly JsonObject[]): { choices: unknown[]; usage: JsonValue | undefined } {
  const given = chunks as unknown as readonly Chunk[];
  const pieces = given.flatMap(({ choices }) => choices);
  const indexes = [...new Set(pieces.map(({ index }) => index))];
  return {
    choices: indexes.map((index) => choiceOf(pieces.filter((piece) => piece.index === index))),
    usage: given.findLast(({ usage }) => usage !== undefined)?.usage,
  };
}

function choiceOf(pieces: Chunk['choices']): unknown {
  const deltas = pieces.map(({ delta }) => delta);
  const content = deltas.map((delta) => delta.content ?? '').join('');
  const reasoning = deltas.map((delta) => delta.reasoning_content ?? '').join('');
  const calls = deltas.flatMap(({ tool_calls = [] }) => tool_calls);
  expect(calls.map(({ index }) => index)).toEqual(calls.map((_call, n) => n));
  const endings = pieces.filter(({ finish_reason }) => finish_reason !== null);
  expect(endings).toHaveLength(1);
  const { index, finish_reason, native_finish_reason } = endings[0] ?? {};
  const extra = deltas.findLast(({ extra_content }) => extra_content !== undefined)?.extra_content;
  return {
    index,
    message: {
      role: deltas.find(({ role }) => role !== undefined)?.role,
      content: content === '' && calls.length > 0 ? null : content,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls.map(({ index: _place, ...call }) => call) }),
      ...(extra !== undefined && { extra_content: extra }),
    },
    logprobs: null,
    finish_reason,
    ...(native_finish_reason !== undefined && { native_finish_reason }),
  };
}
