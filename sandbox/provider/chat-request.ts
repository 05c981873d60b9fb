// A chat request, whichever wire format it came in. The names are OpenAI's; the other formats are read into them.
import type { JsonObject, JsonValue } from '../../src/kernel/index.js';

export interface ContentPart extends JsonObject {
  readonly type: string;
}

export interface ChatMessage extends JsonObject {
  readonly role: string;
  readonly content?: string | null | readonly ContentPart[];
  /** The cache lifetime of the prompt up to the end of this message, where a format has one. */
  readonly cached_for?: '5m' | '1h';
}

export interface Tool {
  readonly name: string;
  /** The JSON schema of its arguments; undefined for a tool that takes a text. */
  readonly parameters: JsonValue | undefined;
  /** The tool as it stands in the request. */
  readonly definition: JsonObject;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  /** Whether a stream of chat completion chunks ends with its usage; other formats always report it. */
  readonly includeUsage: boolean;
  readonly n: number;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  readonly tools: readonly Tool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Present when JSON is required; without a schema, any object will do. */
  readonly responseFormat: { readonly schema: JsonValue | undefined } | undefined;
  /** Whether thinking is on and whether thoughts are shown. Absent for a format that shows none. */
  readonly thinking?: {
    readonly isOn: boolean;
    readonly shown: boolean;
    /** What thoughts are bound to, where they are. */
    readonly boundTo?: string | undefined;
  };
}

/** The text of a message; other parts are ignored. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (typeof part.text === 'string' ? part.text : '')).join('');
}
