// A whole GenerateContentResponse as a chat completion.
import { isJsonArray, isJsonObject, type JsonObject } from '../../../kernel/index.js';
import { type AnswerContext, type TranslatedAnswer, Untranslatable } from '../wire.js';
import { callIdPrefix, heldBy, indexOf, logprobsOf } from './candidate.js';
import { readError } from '../reported-error.js';
import { blockReasonOf, finishOf, reasonOf } from './finish.js';
import { extraContent } from './signature.js';
import { openAiUsage } from './usage.js';

/**
 * @throws Untranslatable when it holds no answer. `readError` handles Google's error texts, which may quote the prompt.
 */
export function answerOf(body: JsonObject, context: AnswerContext): TranslatedAnswer {
  if (readError(body) !== undefined) throw new Untranslatable('the answer is an error');
  const { id, created, model } = context;
  const raw = body['usageMetadata'];
  const usage = openAiUsage(raw);
  return {
    body: {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: choicesOf(body, context),
      ...(usage !== undefined && { usage }),
    },
    usage: raw ?? undefined,
  };
}

function choicesOf({ candidates, promptFeedback }: JsonObject, context: AnswerContext): JsonObject[] {
  const blocked = blockReasonOf(promptFeedback);
  const given = isJsonArray(candidates) ? candidates.filter(isJsonObject) : [];
  if (given.length > 0) return given.map((candidate, position) => choiceOf(candidate, position, context));
  if (blocked === undefined) throw new Untranslatable('the answer holds no candidates');
  return [
    {
      index: 0,
      message: { role: 'assistant', content: null, refusal: null },
      logprobs: null,
      ...finishOf(blocked, false),
    },
  ];
}

function choiceOf(candidate: JsonObject, position: number, { id, oneCall = false, names }: AnswerContext): JsonObject {
  const index = indexOf(candidate, position);
  const numbering = { idPrefix: callIdPrefix(id, index), calls: 0, oneCall, names };
  const { content, reasoning, calls, signature } = heldBy(candidate, numbering);
  const reason = reasonOf(candidate);
  if (reason === undefined) throw new Untranslatable('the answer does not say why it ended');
  return {
    index,
    message: {
      role: 'assistant',
      content: content === '' && calls.length > 0 ? null : content,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
      ...(signature !== undefined && { extra_content: extraContent(signature) }),
    },
    logprobs: logprobsOf(candidate) ?? null,
    ...finishOf(reason, calls.length > 0),
  };
}
