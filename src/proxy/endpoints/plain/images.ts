import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import {
  type Model,
  normaliseInputOutput,
  normaliseUsage,
  type Usage,
  UsageFault,
  usageOf,
} from '../../../pricing/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { usageOfAnswer } from '../../wire/index.js';
import { namesMedia } from '../body/media.js';
import { count, isBoolean, isString, modelOf, optional, parseBody, sizeOf } from '../body/request-body.js';
import { jsonBody, PlainCall } from './plain-call.js';

const MAX_IMAGES = 10;

/** `POST /v1/images/generations`. */
export const IMAGES: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model" and "prompt"');
    const prompt = optional(body, 'prompt', isString, 'a text');
    if (prompt === undefined || prompt === '') throw invalidRequest('"prompt" must be a text.', 'prompt');
    if (optional(body, 'stream', isBoolean, 'true or false') === true)
      throw invalidRequest('Images are not streamed here. Leave "stream" out.', 'stream');
    if (namesMedia(body))
      throw invalidRequest('Images are made from text alone here: leave out what names another image.');
    const images = count(body, 'n', MAX_IMAGES) ?? 1;
    const promptTokens = sizeOf(raw, body);
    return new PlainCall({
      kind: 'image',
      path: '/images/generations',
      model: modelOf(body, 'gpt-image-1'),
      body: jsonBody(body),
      demand: (model) => {
        requirePriced(body, model);
        return {
          input: { promptTokens, without: ['inputImage', 'inputAudio'], units: { images } },
          maxTokens: model.maxOutputTokens,
          choices: images,
        };
      },
      read: (bytes, model) =>
        readJsonAnswer(bytes, (answer) => ({
          usage: model.soldBy === 'perImage' ? piecesOf(answer) : usageOfAnswer(answer),
        })),
      readUsage,
    });
  },
};

/** A price per image is for one size and quality; an image billed by tokens may have any. */
function requirePriced(body: JsonObject, { id, pricedOnly = {} }: Model): void {
  for (const [field, only] of Object.entries(pricedOnly)) {
    if ((body[field] ?? only) !== only)
      throw invalidRequest(`"${field}" can only be "${only}" for ${id}: it has no other price here.`, field);
  }
}

const piecesOf = ({ data }: JsonObject): JsonObject | undefined =>
  Array.isArray(data) ? { images: data.length } : undefined;

/** OpenRouter counts images as it counts chats (recorded in crmne/ruby_llm). */
function readUsage(raw: JsonValue): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  const { images } = raw;
  if (typeof images === 'number') return usageOf({ promptTokens: 0, completionTokens: 0, images });
  return 'prompt_tokens' in raw ? normaliseUsage(raw) : normaliseInputOutput(raw, 'input_tokens_details');
}
