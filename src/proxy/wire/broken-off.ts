// Some providers report an error under a status of 200, often as the only event: as the reason why an answer ended, or beside it. Z.ai's two look
// like this: https://github.com/earendil-works/pi/issues/2313, https://github.com/NousResearch/hermes-agent/pull/92161.
import { isJsonObject, type JsonObject } from '../../kernel/index.js';
import { choiceOf } from './chat.js';
import { numberIn, objectIn, textIn } from './json.js';

/**
 * The statuses they stand for. Zhipu: https://docs.bigmodel.cn/cn/api/api-code; DeepSeek:
 * https://api-docs.deepseek.com/api/create-chat-completion; OpenRouter and Mistral have `error`.
 */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['network_error', 500],
  ['insufficient_system_resource', 503],
  ['aborted', 500],
  ['error', 500],
]);

/** MiniMax's codes, which come beside `choices: null`. https://platform.minimax.io/docs/api-reference/errorcode */
const MINIMAX_STATUS: ReadonlyMap<number, number> = new Map([
  [1000, 500],
  [1001, 504],
  [1002, 429],
  [1004, 401],
  [1008, 402],
  [1024, 500],
  [1026, 400],
  [1027, 400],
  [1033, 500],
  [1039, 429],
  [1041, 429],
  [1042, 400],
  [2013, 400],
  [2045, 429],
  [2049, 401],
  [2056, 402],
]);

const WINDOW = 'model_context_window_exceeded';
const TOO_LONG: JsonObject = {
  message: `The prompt exceeds the model’s context window (${WINDOW}).`,
  status: 400,
  type: 'invalid_request_error',
  code: 'context_length_exceeded',
  param: 'messages',
};

/**
 * The error for which an answer or a chunk says that it ended; undefined when it says none. `began` is whether something
 * of the answer came before the chunk.
 */
export function brokenOffIn(chat: JsonObject, began: boolean): JsonObject | undefined {
  // Groq: "an error string indicating why a stream was stopped early" (groq/groq-python, chat_completion_chunk.py).
  const stopped = textIn(objectIn(chat, 'x_groq') ?? {}, 'error');
  if (stopped) return { message: stopped };
  const choice = choiceOf(chat);
  if (choice === undefined) return minimaxErrorIn(chat);
  // With a finish reason or without: https://openrouter.ai/docs/api/reference/overview#completionsresponse-format
  const error = objectIn(choice, 'error');
  if (error !== undefined && Object.keys(error).length > 0) return error;
  const reason = textIn(choice, 'finish_reason');
  if (reason === undefined) return undefined;
  const status = STATUS.get(reason);
  if (status !== undefined) return { message: reason, code: reason, status };
  if (reason !== WINDOW || began) return undefined;
  // An answer that filled the window says something, and is counted.
  const said = objectIn(choice, 'delta') ?? objectIn(choice, 'message') ?? {};
  return !isJsonObject(chat['usage']) && !textIn(said, 'content') ? TOO_LONG : undefined;
}

/** MiniMax tells of every answer how it went; 0 is well. */
function minimaxErrorIn(chat: JsonObject): JsonObject | undefined {
  const { status_code: code, status_msg: message = null } = objectIn(chat, 'base_resp') ?? {};
  const number = numberIn({ code }, 'code') ?? 0;
  const status = MINIMAX_STATUS.get(number) ?? null;
  return number === 0 ? undefined : { message, code: String(number), status };
}
