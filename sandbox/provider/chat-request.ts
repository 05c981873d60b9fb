// What a chat asks for, whichever wire format it came in. It has OpenAI's words, which the others are read into.
import type { JsonObject, JsonValue } from '../../src/kernel/index.js';

export interface ContentPart extends JsonObject {
  readonly type: string;
}

export interface ChatMessage extends JsonObject {
  readonly role: string;
  readonly content?: string | null | readonly ContentPart[];
  /** How long the prompt up to the end of this message is to be cached, where a format can say so. */
  readonly cached_for?: '5m' | '1h';
}

export interface Tool {
  readonly name: string;
  /** The JSON schema of its arguments; undefined for a tool that takes a text. */
  readonly parameters: JsonValue | undefined;
  /** The tool as the request has it. */
  readonly definition: JsonObject;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  /** Whether a stream of chat completion chunks ends with its usage; other formats always tell it. */
  readonly includeUsage: boolean;
  readonly n: number;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  readonly tools: readonly Tool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Present when JSON was asked for; without a schema any object will do. */
  readonly responseFormat: { readonly schema: JsonValue | undefined } | undefined;
  /** Whether thinking was asked for, and whether thoughts are shown. Absent where a format shows none. */
  readonly thinking?: { readonly isOn: boolean; readonly shown: boolean };
}

/** The text of a message; parts that are not text are left out. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (typeof part.text === 'string' ? part.text : '')).join('');
}
