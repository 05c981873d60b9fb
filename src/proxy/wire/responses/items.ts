// The items of a response's output in their complete form. Their ids are derived from the chat's id and their index.
import type { JsonObject } from '../../../kernel/index.js';
import { signedId } from '../chat.js';
import { textIn } from '../json.js';
import { idOf, type Status } from './envelope.js';
import { encryptedContent } from './thoughts.js';

export type Kind = 'reasoning' | 'message' | 'call';
const PREFIX: Readonly<Record<Kind, string>> = { reasoning: 'rs', message: 'msg', call: 'fc' };

export const itemId = (kind: Kind, chatId: string, place: number): string => `${PREFIX[kind]}_${idOf(chatId)}_${place}`;

export const summaryPart = (text: string): JsonObject => ({ type: 'summary_text', text });

export const reasoningItem = (id: string, text: string, details: readonly JsonObject[]): JsonObject => ({
  id,
  type: 'reasoning',
  summary: text === '' ? [] : [summaryPart(text)],
  ...encryptedContent(details),
});

/** What belongs to a text. */
export interface Notes {
  readonly annotations: readonly JsonObject[];
  readonly logprobs: readonly JsonObject[];
}

export const textPart = (text: string, { annotations, logprobs }: Notes): JsonObject => ({
  type: 'output_text',
  annotations,
  logprobs,
  text,
});

export const refusalPart = (refusal: string): JsonObject => ({ type: 'refusal', refusal });

export const messageItem = (id: string, content: readonly JsonObject[], status: Status): JsonObject => ({
  id,
  type: 'message',
  status,
  content,
  role: 'assistant',
});

/** The id by which a result refers to its call; derived from the answer's id when the provider gives none. */
export const callId = (call: JsonObject, chatId: string, index: number): string =>
  signedId(call, textIn(call, 'id') || `call_${idOf(chatId)}_${index}`);
