import { normalisePrompt } from '../../../pricing/index.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { jsonRequest } from '../../providers/upstream.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { embeddingAnswer, embeddingRequest, embedPath, gemini, inBase64, usageOfAnswer } from '../../wire/index.js';
import { modelOf, parseBody, sizeOf } from '../body/request-body.js';
import { jsonBody, PlainCall, type PlainExchange } from './plain-call.js';

/** Tokens a provider may add around each input. */
const OVERHEAD_TOKENS_PER_INPUT = 10;

/** `POST /v1/embeddings`. A token, given as text or as its number, is at least one byte of the body. */
export const EMBEDDINGS: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model" and "input"');
    const { input } = body;
    if (!isEmbeddable(input))
      throw invalidRequest('"input" must be a text, or a list of texts or tokens, and not empty.', 'input');
    const inputs = Array.isArray(input) ? input.length : 1;
    const promptTokens = sizeOf(raw, body) + inputs * OVERHEAD_TOKENS_PER_INPUT;
    return new PlainCall({
      kind: 'embedding',
      path: '/embeddings',
      model: modelOf(body, 'text-embedding-3-small'),
      body: jsonBody(body),
      demand: () => ({ input: { promptTokens, without: ['inputAudio', 'inputImage'] }, maxTokens: 0, choices: 1 }),
      read: (bytes) => readJsonAnswer(bytes, (answer) => ({ usage: usageOfAnswer(answer), ...encoded(answer, body) })),
      readUsage: normalisePrompt,
      others: { gemini: (upstreamModel) => askedOfGemini(body, upstreamModel) },
    });
  },
};

/** The bytes of an answer whose embeddings did not come as they were asked for. */
function encoded(answer: JsonObject, { encoding_format: asked }: JsonObject): { readonly bytes?: Buffer } {
  const changed = asked === 'base64' ? inBase64(answer) : undefined;
  return changed === undefined ? {} : { bytes: Buffer.from(JSON.stringify(changed)) };
}

/**
 * An object that names an image or another file can't be embedded: its size says nothing about its tokens. OpenAI takes an empty text, but not
 * within a list (https://github.com/openai/openai-python/issues/576; recorded in DataDog/dd-trace-py, openai_embeddings_post_dcf2f142).
 */
const isEmbeddable = (input: JsonValue | undefined): boolean =>
  input === '' || isTextOrTokens(input) || (Array.isArray(input) && input.length > 0 && input.every(isTextOrTokens));

const isTextOrTokens = (input: JsonValue | undefined): boolean =>
  Array.isArray(input)
    ? input.length > 0 && input.every((token) => typeof token === 'number')
    : typeof input === 'string' && input !== '';

function askedOfGemini(body: JsonObject, upstreamModel: string): PlainExchange {
  const request = embeddingRequest({ ...body, model: upstreamModel });
  return {
    send: () => jsonRequest(embedPath(upstreamModel), false, request),
    // Embeddings are 32-bit floats, which doubles represent exactly.
    read: (bytes, { model }) =>
      readJsonAnswer(bytes, (answer) => {
        const translated = embeddingAnswer(answer, body, model);
        return { usage: translated.usage, bytes: Buffer.from(JSON.stringify(translated.body)) };
      }),
    readUsage: (raw) => gemini.readUsage(raw),
  };
}
