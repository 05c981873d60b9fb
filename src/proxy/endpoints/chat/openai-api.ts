// Which of OpenAI's two APIs answers a chat with one of its models.
import { isJsonArray, type JsonObject } from '../../../kernel/index.js';
import type { Model } from '../../../pricing/index.js';
import { type Channel, hasResponses } from '../../providers/channels.js';
import { Untranslatable } from '../../wire/index.js';
import type { UpstreamApi } from './chat-exchange.js';

/** OpenAI refuses a lower cap in its Responses API, but not for a chat: integer_below_min_value. */
export const LEAST_CAP = 16;

/**
 * "This model is only supported in v1/responses and not in v1/chat/completions", as OpenAI says of these models
 * (https://github.com/openai/codex/issues/1306, https://github.com/pgadmin-org/pgadmin4/issues/9795).
 */
const RESPONSES_ALONE = /^(?:(?:o\d|gpt-\d+(?:\.\d+)?)-(?:.+-)?(?:pro|codex|deep-research)|codex|computer-use)(?:-|$)/;

/**
 * Astra, and Sol since 6.1, always reason, and call functions in responses alone
 * (https://developers.openai.com/api/docs/guides/deployment-checklist).
 */
const CALLS_IN_RESPONSES = /^gpt-(?:6(?:\.\d+)?-astra|6\.\d+-sol)(?:-|$)/;

/**
 * In a chat, these call functions only while they don't reason: "Function tools with reasoning_effort are not supported"
 * (https://github.com/openai/openai-openapi/issues/541, https://github.com/BerriAI/litellm/pull/34569).
 */
const CALLS_UNREASONED = /^gpt-(?:5\.[2-9]|6-(?:sol|luna)|6\.\d+-(?:terra|luna))(?!.*chat)/;
/** The older ones of these reason only where they are told to (https://github.com/jeffdafoe/llm-memory-api/pull/178). */
const REASONS_UNASKED = /^gpt-(?:5\.[5-9]|6)/;

const hasTools = ({ tools }: JsonObject): boolean => isJsonArray(tools) && tools.length > 0;

/** Whether OpenAI answers a request with these tools in its Responses API alone, however it is put. */
export const isOnlyResponse = ({ id }: Pick<Model, 'id'>, body: JsonObject): boolean =>
  RESPONSES_ALONE.test(id) || (hasTools(body) && CALLS_IN_RESPONSES.test(id));

/** Whether the model answers the chat, with its functions, as long as it is told not to reason. */
export const callsUnreasoned = ({ id }: Pick<Model, 'id'>, chat: JsonObject): boolean =>
  hasTools(chat) && CALLS_UNREASONED.test(id) && !RESPONSES_ALONE.test(id);

/** What a chat is put to a provider of OpenAI's format with. */
export interface Asked {
  readonly chat: JsonObject;
  /** The client's own cap on completion tokens. */
  readonly cap: number | undefined;
  /** Whether the client's own request was of another API, so that it could not say that the model must not reason. */
  readonly isTranslated: boolean;
}

/** The API of OpenAI's that answers a chat; others know one alone. @throws Untranslatable for a cap that is too low for a response. */
export function apiFor(
  model: Pick<Model, 'id' | 'maker'>,
  channel: Pick<Channel, 'format' | 'responses'>,
  { chat, cap = LEAST_CAP, isTranslated }: Asked,
): UpstreamApi {
  const isOpenAi = channel.format === 'openai' && model.maker === 'openai' && hasResponses(channel, model.id);
  if (!isOpenAi || !needsResponses(model, chat)) return channel.format;
  if (cap >= LEAST_CAP) return 'responses';
  if (isTranslated && !isOnlyResponse(model, chat)) return 'openai';
  throw new Untranslatable(
    `"max_tokens" must be at least ${LEAST_CAP} here: OpenAI answers this in its Responses API alone, which takes no lower cap.`,
    'max_tokens',
  );
}

function needsResponses(model: Pick<Model, 'id'>, chat: JsonObject): boolean {
  if (isOnlyResponse(model, chat)) return true;
  const effort = chat['reasoning_effort'] ?? (REASONS_UNASKED.test(model.id) ? 'medium' : 'none');
  return callsUnreasoned(model, chat) && effort !== 'none';
}
