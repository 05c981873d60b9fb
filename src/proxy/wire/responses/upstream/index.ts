// OpenAI's Responses API as a provider's format: for chats that OpenAI answers there alone.
import { normaliseResponses } from '../../../../pricing/index.js';
import type { UpstreamFormat } from '../../wire.js';
import { chatCompletion } from './answer.js';
import { responsesRequest } from './request.js';
import { ResponseChunks } from './stream.js';

export const responsesUpstream: UpstreamFormat = {
  request: responsesRequest,
  answer: chatCompletion,
  stream: (context, { includeUsage }) => new ResponseChunks(context, includeUsage),
  readUsage: normaliseResponses,
};
