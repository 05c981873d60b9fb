// The items of a response's output in their complete form. Their ids are derived from the chat's id and their index.
import type { JsonObject } from '../../../kernel/index.js';
import { CallIds } from '../call-ids.js';
import { objectsOf, textIn } from '../json.js';
import { idOf, type Status } from './envelope.js';
import { encryptedContent } from './thoughts.js';
import { isCall, typeOf } from './tool-items.js';

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

/** The ids by which results refer to their calls. */
export const callIdsFor = ({ input }: JsonObject, chatId: string): CallIds =>
  new CallIds(
    () => objectsOf(input).flatMap((item) => (isCall(typeOf(item)) ? [textIn(item, 'call_id') ?? ''] : [])),
    (place) => `call_${idOf(chatId)}_${place}`,
  );
