// `batchEmbedContents`: https://ai.google.dev/api/embeddings#method:-models.batchembedcontents
import { type JsonObject, isJsonObject } from '../../../src/kernel/index.js';
import { badRequest } from '../errors.js';
import type { Plain } from '../plain.js';
import { countTokens } from '../tokenizer.js';
import { inputUsage } from '../usage.js';
import { embeddingOf } from '../vectors.js';

const MOST_REQUESTS = 100;
const MOST_DIMENSIONS = 3072;

/** @throws WireError (400) that names the field at fault. */
export function embeddings(body: unknown, model: string): Plain {
  const requests = isJsonObject(body) && Array.isArray(body.requests) ? (body.requests as unknown[]) : [];
  if (requests.length === 0 || requests.length > MOST_REQUESTS)
    throw badRequest(`BatchEmbedContentsRequest.requests: must be 1 to ${MOST_REQUESTS} in one batch.`, null);
  const inputs = requests.map((request, index) => readInput(request, model, `requests[${index}]`));
  const tokens = inputs.reduce((sum, { text }) => sum + countTokens(text), 0);
  return {
    model,
    text: inputs.map(({ text }) => text).join('\n'),
    param: 'requests',
    idPrefix: 'embd-',
    answer: (_, { knobs, bytes }) => {
      const usage = inputUsage(tokens, knobs, bytes);
      const usageMetadata = usage && { promptTokenCount: usage.prompt_tokens };
      const vectors = inputs.map(({ text, dimensions }) => ({ values: [...embeddingOf(text, dimensions)] }));
      const answer = { embeddings: vectors, ...(usageMetadata && { usageMetadata }) };
      return { contentType: 'application/json', bytes: JSON.stringify(answer), usage: usageMetadata };
    },
  };
}

interface Input {
  readonly text: string;
  readonly dimensions: number;
}

function readInput(request: unknown, model: string, at: string): Input {
  const {
    model: named,
    content,
    outputDimensionality: dimensions = MOST_DIMENSIONS,
  }: JsonObject = isJsonObject(request) ? request : {};
  if (named !== `models/${model}`) throw badRequest(`${at}.model: must be models/${model}, as in the address.`, null);
  const parts = isJsonObject(content) && Array.isArray(content.parts) ? (content.parts as unknown[]) : [];
  const text = parts.map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
  if (text === '') throw badRequest(`${at}.content: must hold a text.`, null);
  if (
    typeof dimensions === 'number' &&
    Number.isInteger(dimensions) &&
    dimensions >= 1 &&
    dimensions <= MOST_DIMENSIONS
  )
    return { text, dimensions };
  throw badRequest(`${at}.outputDimensionality: must be 1 to ${MOST_DIMENSIONS}.`, null);
}
