// Anthropic's Messages API: models behind it (`anthropicUpstream`), clients that call it (`anthropicClient`), and both at once.
import { readAnthropicUsage } from '../../../pricing/index.js';
import type { ClientFormat, UpstreamFormat } from '../wire.js';
import { messageOf } from './client/answer.js';
import { chatRequest } from './client/request.js';
import { MessageStream } from './client/stream.js';
import { chatCompletion } from './upstream/answer.js';
import { messagesRequest } from './upstream/request.js';
import { ChunkStream } from './upstream/stream.js';
import { betasOfRequest } from './upstream/thinking.js';

export { withoutAttribution } from './attribution.js';
export { messagesError, streamError } from './client/errors.js';
export { isTokenCount, noTokenCount, readCountRequest } from './count-tokens.js';
export { isShortCache, type MessagesRequest, PDF_PAGE_TEXT_TOKENS, readMessagesRequest } from './native-request.js';
export { OneStart, SPLICED } from './one-start.js';
export { withoutSearching, withoutToolSearch } from './server-tools.js';
export { isUnbilledAnswer, isUnbilledRefusal } from './stop-reasons.js';
export { withTwoRoles } from './two-roles.js';
export { mergeUsage } from './usage.js';

export const anthropicUpstream: UpstreamFormat = {
  request: messagesRequest,
  headers: betasOfRequest,
  answer: chatCompletion,
  stream: (context, { includeUsage }) => new ChunkStream(context, includeUsage),
  readUsage: readAnthropicUsage,
};

export const anthropicClient: ClientFormat = {
  request: chatRequest,
  answer: messageOf,
  stream: (context, request) => new MessageStream(context, request),
};
