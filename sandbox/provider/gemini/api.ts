// Google's Gemini API: https://ai.google.dev/api/generate-content
import { type Api, jsonOf } from '../api.js';
import { chat } from '../chat.js';
import { WireError, badRequest } from '../errors.js';
import type { ChatFormat } from '../format.js';
import { embeddings } from './embeddings.js';
import { plain } from '../plain.js';
import { readRequest } from './request.js';
import { contentEvents, generatedContent } from './response.js';

const ADDRESS = /^\/models\/([^/:]+):(\w+)$/;
// google.rpc.Code by HTTP status: https://google.aip.dev/193
const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};
const RETRY_INFO = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }];

const CONTENT: ChatFormat = {
  idPrefix: 'resp-',
  whole: generatedContent,
  frames: contentEvents,
  failed: (failure) => `data: ${JSON.stringify(bodyOf(failure))}\n\n`,
};

export const GEMINI: Api = {
  prefix: '/gemini/v1beta',
  body: bodyOf,
  authorise: ({ 'x-goog-api-key': key }) => {
    if (!key) throw new WireError(403, "Method doesn't allow unregistered callers. Send an API key in x-goog-api-key.");
  },
  read: (call) => {
    const [, encoded = '', method = ''] = (call.method === 'POST' && ADDRESS.exec(call.path)) || [];
    const model = decoded(encoded);
    switch (method) {
      case 'generateContent':
        return chat(CONTENT, readRequest(jsonOf(call), model, false), call);
      case 'streamGenerateContent':
        if (new URLSearchParams(call.query).get('alt') !== 'sse')
          throw badRequest('The sandbox only streams server-sent events: add ?alt=sse.', 'alt');
        return chat(CONTENT, readRequest(jsonOf(call), model, true), call);
      case 'batchEmbedContents':
        return plain(embeddings(jsonOf(call), model), call);
      default:
        return undefined;
    }
  },
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('The model name in the address is not encoded correctly.', null);
  }
}

function bodyOf({ status, message }: WireError): object {
  const details = status === 429 ? { details: RETRY_INFO } : {};
  return { error: { code: status, message, status: STATUSES[status] ?? 'INTERNAL', ...details } };
}
