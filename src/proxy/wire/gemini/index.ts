// Google Gemini's own wire format, v1beta of generateContent and streamGenerateContent (docs/adr/0006-gemini-wire-format.md).
import { readGeminiUsage } from '../../../pricing/index.js';
import type { UpstreamFormat } from '../wire.js';
import { answerOf } from './answer.js';
import { shortenedNames } from './names.js';
import { requestOf } from './request.js';
import { GeminiStream } from './stream.js';

export * from './embeddings.js';
export * from './endpoint.js';

export const gemini: UpstreamFormat = {
  request: requestOf,
  names: shortenedNames,
  answer: answerOf,
  stream: (context, { includeUsage }) => new GeminiStream(context, includeUsage),
  readUsage: readGeminiUsage,
};
