// Embeddings in OpenAI's two encodings. Its libraries ask for base64 by default, and openai-node decodes whatever comes: of the numbers with which
// Mistral, Ollama, LM Studio and others answer all the same, it makes zeros (https://github.com/arabold/docs-mcp-server/pull/471).
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { objectsOf } from './json.js';

/** An answer with its embeddings in base64; undefined when they are not numbers, and so pass as they came. */
export function inBase64(answer: JsonObject): JsonObject | undefined {
  const data = objectsOf(answer['data']);
  if (data.length === 0 || !data.every(({ embedding }) => areNumbers(embedding))) return undefined;
  return {
    ...answer,
    data: data.map((one) => ({ ...one, embedding: floatsAsBase64(one['embedding'] as readonly number[]) })),
  };
}

const areNumbers = (embedding: JsonValue | undefined): boolean =>
  Array.isArray(embedding) && embedding.every((value) => typeof value === 'number');

/** 32-bit floats, little-endian. */
export function floatsAsBase64(values: readonly number[]): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
