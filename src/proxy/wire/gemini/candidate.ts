// The parts of a candidate, whole or a piece of it: texts, thoughts and calls. Parts of other kinds are dropped; none
// is ever requested.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { textIn } from '../json.js';
import type { AnswerContext } from '../wire.js';
import { clientName } from './names.js';
import { extraContent } from './signature.js';

export interface Held {
  content: string;
  reasoning: string;
  readonly calls: JsonObject[];
  /** The last signature that does not belong to a call. */
  signature: string | undefined;
}

export interface Numbering {
  /** The prefix of generated ids for calls without one; the number follows. */
  readonly idPrefix: string;
  /** The number of the next call. */
  readonly calls: number;
  /** Whether to keep only the first call of the answer, since Gemini can't be limited to one call at a time. */
  readonly oneCall: boolean;
  readonly names?: AnswerContext['names'];
}

/** The parts of a candidate. */
export function heldBy(candidate: JsonObject, { idPrefix, calls, oneCall, names }: Numbering): Held {
  const held: Held = { content: '', reasoning: '', calls: [], signature: undefined };
  for (const part of partsOf(candidate)) {
    if (!isJsonObject(part)) continue;
    const { text, functionCall, thoughtSignature } = part;
    const signature = typeof thoughtSignature === 'string' && thoughtSignature !== '' ? thoughtSignature : undefined;
    if (isJsonObject(functionCall)) {
      const number = calls + held.calls.length;
      if (number === 0 || !oneCall) {
        const name = clientName(textIn(functionCall, 'name') ?? '', names);
        held.calls.push(callOf({ ...functionCall, name }, `${idPrefix}${number}`, signature));
      }
      continue;
    }
    held.signature = signature ?? held.signature;
    if (typeof text !== 'string') continue;
    if (part['thought'] === true) held.reasoning += text;
    else held.content += text;
  }
  return held;
}

export function partsOf(candidate: JsonObject): readonly JsonValue[] {
  const content = candidate['content'];
  const parts = isJsonObject(content) ? content['parts'] : undefined;
  return isJsonArray(parts) ? parts : [];
}

function callOf({ id, name, args }: JsonObject, ownId: string, signature: string | undefined): JsonObject {
  return {
    id: typeof id === 'string' && id !== '' ? id : ownId,
    type: 'function',
    function: { name: name ?? '', arguments: JSON.stringify(args ?? {}) },
    ...(signature !== undefined && { extra_content: extraContent(signature) }),
  };
}

/** Call ids must be unique within a conversation; an answer's id is. */
export const callIdPrefix = (answerId: string, choice: number): string =>
  `call_${answerId.replace(/^chatcmpl-/, '')}_${choice}_`;

export const indexOf = (candidate: JsonObject, position: number): number => {
  const { index } = candidate;
  return typeof index === 'number' ? index : position;
};

/** The log probabilities of a candidate in OpenAI's shape; undefined when it has none. */
export function logprobsOf(candidate: JsonObject): JsonObject | undefined {
  const result = candidate['logprobsResult'];
  const chosen = isJsonObject(result) ? result['chosenCandidates'] : undefined;
  if (!isJsonObject(result) || !isJsonArray(chosen)) return undefined;
  const steps = isJsonArray(result['topCandidates']) ? result['topCandidates'] : [];
  const content = chosen.map((token, step) => {
    const top = isJsonObject(steps[step]) ? steps[step]['candidates'] : undefined;
    return { ...logprob(token), top_logprobs: isJsonArray(top) ? top.map(logprob) : [] };
  });
  return { content, refusal: null };
}

function logprob(candidate: JsonValue): JsonObject {
  const { token = '', logProbability = null }: JsonObject = isJsonObject(candidate) ? candidate : {};
  return { token, logprob: logProbability, bytes: typeof token === 'string' ? [...Buffer.from(token)] : null };
}
