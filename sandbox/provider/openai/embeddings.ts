// `POST /v1/embeddings`: https://platform.openai.com/docs/api-reference/embeddings/create
import type { JsonObject, JsonValue } from '../../../src/kernel/index.js';
import { badRequest } from '../errors.js';
import { countTokens } from '../tokenizer.js';
import { inputUsage } from '../usage.js';
import { embeddingOf } from '../vectors.js';
import { choiceOf, integerOf, invalidType, missing, modelOf } from './fields.js';
import { type Plain, jsonBody } from '../plain.js';

const MOST_INPUTS = 2048;
/** https://docs.voyageai.com/reference/embeddings-api */
const TOTAL_ALONE = /^voyage/;

/** @throws WireError (400) that names the parameter at fault. */
export function embeddings(body: JsonObject): Plain {
  const model = modelOf(body);
  const inputs = inputsOf(body.input);
  const longest = model.includes('large') ? 3072 : 1536;
  const dimensions = integerOf(body, 'dimensions', longest) ?? longest;
  const encoding = choiceOf(body, 'encoding_format', ['float', 'base64']);
  const tokens = inputs.reduce((sum: number, input) => sum + tokensOf(input), 0);
  const texts = inputs.map((input) => (typeof input === 'string' ? input : input.join(' ')));
  return {
    model,
    text: texts.join('\n'),
    param: 'input',
    answer: (_, { knobs, bytes }) => {
      const data = texts.map((text, index) => {
        const vector = embeddingOf(text, dimensions);
        return { object: 'embedding', index, embedding: encoding === 'base64' ? base64(vector) : [...vector] };
      });
      const usage = inputUsage(tokens, knobs, bytes);
      return jsonBody(
        { object: 'list', data, model },
        usage && TOTAL_ALONE.test(model) ? { total_tokens: usage.total_tokens } : usage,
      );
    },
  };
}

type Input = string | readonly number[];

const tokensOf = (input: Input): number => (typeof input === 'string' ? Math.max(1, countTokens(input)) : input.length);

/**
 * A text or a list of token numbers, or several of either. An empty text is taken alone, as one token
 * (https://github.com/openai/openai-python/issues/576).
 */
function inputsOf(input: JsonValue | undefined): readonly Input[] {
  if (input === undefined) throw missing('input');
  const inputs: readonly unknown[] = Array.isArray(input) && !isTokens(input) ? input : [input];
  if (inputs.length > MOST_INPUTS)
    throw badRequest(`Invalid 'input': at most ${MOST_INPUTS} inputs are allowed.`, 'input', 'array_above_max_length');
  if (input === '') return [input];
  if (inputs.length > 0 && inputs.every(isInput) && new Set(inputs.map((one) => typeof one)).size === 1) return inputs;
  throw invalidType('input', 'a non-empty string or list of tokens, or an array of them');
}

const isTokens = (input: unknown): input is readonly number[] =>
  Array.isArray(input) &&
  input.length > 0 &&
  input.every((token: unknown) => typeof token === 'number' && Number.isInteger(token) && token >= 0);

const isInput = (input: unknown): input is Input => (typeof input === 'string' ? input !== '' : isTokens(input));

/** 32-bit floats in the machine's byte order, which is little-endian wherever Node runs. */
const base64 = (vector: Float32Array): string => Buffer.from(vector.buffer).toString('base64');
