// A chat completion as a legacy completion. Reasoning is left out: there is no field for it.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { contentIn, finishIn } from '../chat.js';
import { usageIn } from '../chat-usage.js';
import { defined, numberIn, objectIn, objectsOf, textIn } from '../json.js';
import type { AnswerContext } from '../wire.js';

export function completionOf(chat: JsonObject): JsonObject {
  const context = {
    id: textIn(chat, 'id') ?? '',
    created: numberIn(chat, 'created') ?? 0,
    model: textIn(chat, 'model') ?? '',
  };
  return {
    ...emptyCompletion(context),
    choices: objectsOf(chat['choices']).map((choice, place) =>
      choiceOf(choice, { said: objectIn(choice, 'message') ?? {}, place, finish: finishOf(choice) ?? 'stop' }),
    ),
    ...defined({ system_fingerprint: textIn(chat, 'system_fingerprint'), usage: usageIn(chat) }),
  };
}

export const emptyCompletion = ({ id, created, model }: AnswerContext): JsonObject => ({
  id: `cmpl-${id.replace(/^chatcmpl-/, '')}`,
  object: 'text_completion',
  created,
  model,
});

/** The text of a message or a delta, or its refusal. */
export const textOf = (said: JsonObject): string => contentIn(said) + (textIn(said, 'refusal') ?? '');

interface Choice {
  /** A message or a delta. */
  readonly said: JsonObject;
  /** The index of a choice that has none. */
  readonly place: number;
  readonly finish: string | null;
}

export const choiceOf = (choice: JsonObject, { said, place, finish }: Choice): JsonObject => ({
  text: textOf(said),
  index: numberIn(choice, 'index') ?? place,
  logprobs: null,
  finish_reason: finish,
});

const KNOWN: ReadonlySet<JsonValue | undefined> = new Set(['stop', 'length', 'content_filter']);

/** Null while a choice goes on. Legacy completions have no calls, so every other reason is an ordinary end. */
export function finishOf(choice: JsonObject): string | null {
  const finish = finishIn(choice);
  if (finish === undefined) return null;
  return KNOWN.has(finish) ? finish : 'stop';
}
