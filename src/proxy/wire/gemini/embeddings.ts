// OpenAI's embeddings as Gemini's batchEmbedContents, whose usageMetadata counts the tokens of all inputs. It has no
// total and, for texts, one modality (https://ai.google.dev/api/embeddings#EmbeddingUsageMetadata).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { type TranslatedAnswer, Untranslatable } from '../wire.js';
import { floatsAsBase64 } from '../embeddings.js';
import { readError } from '../reported-error.js';
import { modelOf } from './request.js';
import { openAiUsage } from './usage.js';

/** Google refuses more. */
const MAX_INPUTS = 100;
const KNOWN = ['model', 'input', 'dimensions', 'encoding_format', 'user'];

/** The body to send for an embeddings request whose `model` is the provider's name. @throws Untranslatable */
export function embeddingRequest(body: JsonObject): JsonObject {
  const { input } = body;
  const [dimensions, encoding] = [body['dimensions'] ?? undefined, body['encoding_format'] ?? undefined];
  const unheeded = Object.keys(body).find((field) => !KNOWN.includes(field) && (body[field] ?? null) !== null);
  if (unheeded !== undefined)
    throw new Untranslatable(`"${unheeded}" can’t be used with a Gemini model. Leave it out.`, unheeded);
  if (encoding !== undefined && encoding !== 'float' && encoding !== 'base64')
    throw new Untranslatable('"encoding_format" must be "float" or "base64".', 'encoding_format');
  const model = `models/${modelOf(body)}`;
  const requests = textsOf(input).map((text) => ({
    model,
    content: { parts: [{ text }] },
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
  }));
  return { requests };
}

function textsOf(input: JsonValue | undefined): JsonValue[] {
  const texts = isJsonArray(input) ? [...input] : [input ?? ''];
  const areTexts = texts.every((text) => typeof text === 'string' && text !== '');
  if (areTexts && texts.length > 0 && texts.length <= MAX_INPUTS) return texts;
  throw new Untranslatable(
    `"input" must be a text or an array of at most ${MAX_INPUTS} texts, none of them empty: a Gemini model takes text, not tokens.`,
    'input',
  );
}

/** The answer to its request in OpenAI's shape. @throws Untranslatable when it is not an answer. */
export function embeddingAnswer(body: JsonObject, request: JsonObject, model: string): TranslatedAnswer {
  if (readError(body) !== undefined) throw new Untranslatable('the answer is an error');
  const { embeddings, usageMetadata } = body;
  if (!isJsonArray(embeddings) || embeddings.length !== textsOf(request['input']).length)
    throw new Untranslatable('the answer does not hold one embedding for each input');
  const asBase64 = request['encoding_format'] === 'base64';
  const data = embeddings.map((embedding, index) => {
    const values = valuesOf(embedding);
    return { object: 'embedding', index, embedding: asBase64 ? floatsAsBase64(values) : values };
  });
  const usage = openAiUsage(usageMetadata ?? undefined);
  return {
    body: {
      object: 'list',
      data,
      model,
      ...(usage !== undefined && {
        usage: { prompt_tokens: usage['prompt_tokens'], total_tokens: usage['total_tokens'] },
      }),
    },
    usage: usageMetadata ?? undefined,
  };
}

function valuesOf(embedding: JsonValue): number[] {
  const values = isJsonObject(embedding) ? embedding['values'] : undefined;
  if (isJsonArray(values) && values.every((value) => typeof value === 'number')) return [...values];
  throw new Untranslatable('the answer holds an embedding without numbers');
}
