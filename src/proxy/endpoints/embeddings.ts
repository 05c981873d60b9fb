import { invalidRequest } from '../api-error.js';
import type { Endpoint } from '../call.js';
import { readJsonAnswer } from '../json-answer.js';
import { usageOfAnswer } from '../meter.js';
import { modelOf, parseBody, sizeOf } from '../request-body.js';
import { normaliseUsage } from '../usage.js';
import { jsonBody, PlainCall } from './json-call.js';

/** Tokens a provider may add around each input. */
const OVERHEAD_TOKENS_PER_INPUT = 10;

/** `POST /v1/embeddings`. A token, given as text or as its number, is at least one byte of the body. */
export const EMBEDDINGS: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model" and "input"');
    const { input } = body;
    const isEmpty =
      input === undefined || input === null || input === '' || (Array.isArray(input) && input.length === 0);
    if (isEmpty) throw invalidRequest('"input" must be a text, or a list of texts or tokens, and not empty.', 'input');
    const inputs = Array.isArray(input) ? input.length : 1;
    const promptTokens = sizeOf(raw, body) + inputs * OVERHEAD_TOKENS_PER_INPUT;
    return new PlainCall({
      kind: 'embedding',
      path: '/embeddings',
      model: modelOf(body, 'text-embedding-3-small'),
      body: jsonBody(body),
      demand: () => ({ input: { promptTokens, without: ['inputAudio', 'inputImage'] }, maxTokens: 0, choices: 1 }),
      read: (bytes) => readJsonAnswer(bytes, (answer) => ({ usage: usageOfAnswer(answer) })),
      readUsage: normaliseUsage,
    });
  },
};
