// Endpoints of OpenAI's and Anthropic's APIs that this gateway does not have, and what to use instead. A 501 that says so helps a developer
// more than a 404, which would look like a wrong base URL.
import { ApiError, pathOf } from '../../platform/http/index.js';

const UPLOADS = 'No files are kept here: send them in the request that uses them, as data URLs or base64';
const BATCHES = 'Send the requests one by one, several at a time, and wait as long as retry-after says on 429';
const KEPT = 'No conversation is kept here: send it whole with each request to';
const CHATS = `${KEPT} POST /v1/chat/completions or /v1/responses`;
const SEARCH = 'Search with POST /v1/embeddings or /v1/rerank on your side, and send what was found with the chat';
const TUNING = 'Only models of the catalogue can be called; GET /v1/models lists them';
const IMAGES = 'Images are made with POST /v1/images/generations; chats take images as input';
const OFFICE = 'What was used and what it cost is at GET /v1/charges and GET /v1/account/balance';

/** By the beginning of the path below /v1/, the more specific first. */
const INSTEAD: Readonly<Record<string, string>> = {
  'messages/batches': BATCHES,
  batches: BATCHES,
  files: UPLOADS,
  uploads: UPLOADS,
  vector_stores: SEARCH,
  'chat/completions/': CHATS,
  'responses/compact':
    'Long conversations are shortened on your side; Codex does that if its provider has another "name" than OpenAI',
  'responses/': `${KEPT} POST /v1/responses`,
  conversations: CHATS,
  assistants: CHATS,
  threads: CHATS,
  containers: 'Run tools on your side, and send what they return with the chat',
  'images/edits': IMAGES,
  'images/variations': IMAGES,
  videos: IMAGES,
  realtime: 'Use POST /v1/audio/transcriptions, /v1/chat/completions with "stream": true, and /v1/audio/speech',
  fine_tuning: TUNING,
  evals: TUNING,
  organization: OFFICE,
};

/** The 501 for a path that no endpoint answers; undefined when OpenAI and Anthropic don't have it either. */
export function unsupportedEndpoint(url: string): ApiError | undefined {
  const path = pathOf(url);
  const begins = (prefix: string) =>
    prefix.endsWith('/') ? path.startsWith(`/v1/${prefix}`) : `${path}/`.startsWith(`/v1/${prefix}/`);
  const found = Object.entries(INSTEAD).find(([prefix]) => begins(prefix));
  if (found === undefined) return undefined;
  return new ApiError({
    status: 501,
    type: 'invalid_request_error',
    code: 'unsupported_endpoint',
    message: `This gateway does not have ${path.slice(0, 200)}. ${found[1]}.`,
    // OpenAI's clients retry on a status of 500 or more unless this header says not to.
    headers: { 'x-should-retry': 'false' },
  });
}
