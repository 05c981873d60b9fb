import { normalisePrompt } from '../../../pricing/index.js';
import { isJsonObject, type JsonValue } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { usageOfAnswer } from '../../wire/index.js';
import { namesMedia } from '../body/media.js';
import { isString, modelOf, optional, parseBody, sizeOf } from '../body/request-body.js';
import { jsonBody, PlainCall } from './plain-call.js';

const OVERHEAD_TOKENS_PER_DOCUMENT = 20;

/** Not an image, which some rerankers take: its size says nothing about its tokens. */
const isText = (document: JsonValue): boolean =>
  typeof document === 'string' ||
  (isJsonObject(document) && typeof document['text'] === 'string' && !namesMedia(document));

/** `POST /v1/rerank`, in the shape of Cohere's and Jina's, billed by the tokens the provider counts. */
export const RERANK: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model", "query" and "documents"');
    const query = optional(body, 'query', isString, 'a text');
    if (query === undefined || query === '') throw invalidRequest('"query" must be a text.', 'query');
    const { documents } = body;
    if (!Array.isArray(documents) || documents.length === 0 || !documents.every(isText))
      throw invalidRequest(
        '"documents" must be a list of texts, or of objects with a "text", and not empty.',
        'documents',
      );
    // A reranker reads the query once more with each document.
    const again = documents.length * (Buffer.byteLength(query) + OVERHEAD_TOKENS_PER_DOCUMENT);
    const promptTokens = sizeOf(raw, body) + again;
    return new PlainCall({
      kind: 'rerank',
      path: '/rerank',
      model: modelOf(body, 'jina-reranker-v2-base-multilingual'),
      body: jsonBody(body),
      demand: () => ({ input: { promptTokens }, maxTokens: 0, choices: 1 }),
      read: (bytes) => readJsonAnswer(bytes, (answer) => ({ usage: usageOfAnswer(answer) })),
      readUsage: normalisePrompt,
    });
  },
};
