// What a provider of OpenAI's format does not take, though clients of that format, or requests that are translated to it, have it.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import type { Model } from '../../../pricing/index.js';
import { type Channel, hasResponses } from '../../providers/channels.js';

/** The body of a chat completion as the provider takes it. `isTranslated` where the client's own request was of another API. */
export function fitted(
  body: JsonObject,
  model: Model,
  channel: Pick<Channel, 'format' | 'responses'>,
  isTranslated: boolean,
): JsonObject {
  if (channel.format !== 'openai') return body;
  const asked = model.maker === 'openai' ? body : withoutDevelopers(body);
  return isTranslated && hasResponses(channel, model.id) && callsUnreasoned(model.id, asked)
    ? { ...asked, reasoning_effort: 'none' }
    : asked;
}

/**
 * The role `developer` is OpenAI's alone, and the same as `system` elsewhere. DeepSeek, Zhipu and Kimi refuse it
 * (https://github.com/theopenco/llmgateway/pull/3462, https://github.com/vastsa/PI-Desktop/issues/30, https://github.com/NOirBRight/CodexHub/issues/169).
 */
function withoutDevelopers(body: JsonObject): JsonObject {
  const { messages } = body;
  if (!isJsonArray(messages) || !messages.some(isDeveloper)) return body;
  return {
    ...body,
    messages: messages.map((message) => (isDeveloper(message) ? { ...message, role: 'system' } : message)),
  };
}

const isDeveloper = (message: JsonValue): message is JsonObject =>
  isJsonObject(message) && message['role'] === 'developer';

/**
 * In a chat, newer models of OpenAI call functions only while they don't reason, which they must be told: "Function tools with
 * reasoning_effort are not supported" (https://github.com/BerriAI/litellm/pull/34569, https://github.com/livekit/agents/pull/5088). A client
 * of another API can't tell them so. Astra, and Sol since 6.1, always reason, and call functions in responses alone
 * (https://developers.openai.com/api/docs/guides/deployment-checklist). Other providers with these models are not known to mind.
 */
const CALLS_UNREASONED = /^gpt-(?:5\.[2-9]|6-(?:sol|luna)|6\.\d-(?:terra|luna))(?!.*(?:pro|codex|chat))/;

const callsUnreasoned = (model: string, { tools }: JsonObject): boolean =>
  isJsonArray(tools) && tools.length > 0 && CALLS_UNREASONED.test(model);
