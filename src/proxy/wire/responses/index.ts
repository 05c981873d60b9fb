// OpenAI's Responses API for clients that call it. https://platform.openai.com/docs/api-reference/responses
import type { ClientFormat } from '../wire.js';
import { responseOf } from './answer.js';
import { chatRequest } from './request.js';
import { ResponseStream } from './stream.js';

export { responseFailure } from './failure.js';
export { responsesUpstream } from './upstream/index.js';
export { readResponsesRequest, type ResponsesRequest, withOwnThoughts } from './native-request.js';

export const responsesClient: ClientFormat = {
  request: chatRequest,
  answer: responseOf,
  stream: (context, request) => new ResponseStream(context, request),
};
