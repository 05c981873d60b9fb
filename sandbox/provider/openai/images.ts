// `POST /v1/images/generations`: https://platform.openai.com/docs/api-reference/images/create
import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { JsonObject } from '../../../src/kernel/index.js';
import { countTokens } from '../tokenizer.js';
import { choiceOf, integerOf, modelOf, textIn } from './fields.js';
import { type AnswerContext, type Plain, jsonBody, meteredUsage } from '../plain.js';

const MOST_IMAGES = 10;
/** Tokens of a square image: https://platform.openai.com/docs/guides/image-generation#cost-and-latency */
const TOKENS = { auto: 1056, low: 272, medium: 1056, high: 4160 } as const;
const SIDE = 16;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Models before gpt-image are sold by the image and report no usage.
 * @throws WireError (400) that names the parameter at fault.
 */
export function images(body: JsonObject): Plain {
  const model = modelOf(body);
  const count = integerOf(body, 'n', MOST_IMAGES) ?? 1;
  const isSoldByPiece = model.startsWith('dall-e');
  const quality = isSoldByPiece ? 'auto' : choiceOf(body, 'quality', ['auto', 'low', 'medium', 'high']);
  const format = choiceOf(body, 'response_format', isSoldByPiece ? ['url', 'b64_json'] : ['b64_json']);
  const shape = {
    output_format: choiceOf(body, 'output_format', ['png']),
    quality: quality === 'auto' ? 'medium' : quality,
  };
  return {
    model,
    text: textIn(body, 'prompt'),
    param: 'prompt',
    answer: (prompt, context) => {
      const data = Array.from({ length: count }, (_, index) => {
        const image = pngOf(`${index} ${prompt}`).toString('base64');
        return format === 'url' ? { url: `data:image/png;base64,${image}` } : { b64_json: image };
      });
      const { created } = context;
      if (isSoldByPiece) return jsonBody({ created, data }, null);
      return jsonBody(
        { created, background: 'opaque', data, ...shape },
        usageOf(prompt, count * TOKENS[quality], context),
      );
    },
  };
}

function usageOf(prompt: string, tokens: number, context: AnswerContext): object | null {
  const usage = meteredUsage(countTokens(prompt), tokens, context);
  if (!usage) return null;
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { image_tokens: 0, text_tokens: usage.prompt_tokens },
    output_tokens: usage.completion_tokens,
    total_tokens: usage.total_tokens,
  };
}

/** A square of one colour, which depends on the text. */
function pngOf(text: string): Buffer {
  const colour = createHash('sha256').update(text).digest().subarray(0, 3);
  const header = Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0]);
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: SIDE }, () => colour)]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)));
  return Buffer.concat([
    SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
