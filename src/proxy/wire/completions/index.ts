// OpenAI's legacy completions, which continue a text, for clients that call them.
// https://platform.openai.com/docs/api-reference/completions
import type { ClientFormat } from '../wire.js';
import { completionOf } from './answer.js';
import { chatRequest } from './request.js';
import { CompletionStream } from './stream.js';

export const completionsClient: ClientFormat = {
  request: chatRequest,
  answer: completionOf,
  stream: (context, request) => new CompletionStream(context, request),
};
