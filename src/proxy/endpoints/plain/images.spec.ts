import { expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { findModel, type Model } from '../../../pricing/index.js';
import { IMAGES } from './images.js';

const MODEL = findModel('gpt-image-2') as Model;
const ROUTE = { channel: { format: 'openai' }, upstreamModel: 'gpt-image-2' };
const DETAILS = { text_tokens: 10, image_tokens: 0 };

// The second as OpenRouter counts images (recorded in crmne/ruby_llm, image_basic_functionality_openrouter).
it.each<[string, JsonObject]>([
  ['OpenAI', { input_tokens: 10, input_tokens_details: DETAILS, output_tokens: 1_056, total_tokens: 1_066 }],
  ['OpenRouter', { prompt_tokens: 10, completion_tokens: 1_056, total_tokens: 1_066 }],
])('images are billed by the count of %s', async (_, usage) => {
  const call = await IMAGES.read(Buffer.from(JSON.stringify({ model: MODEL.id, prompt: 'A cat' })), {});
  const exchange = call.exchange(MODEL, ROUTE as never);
  const answer = exchange.read(Buffer.from(JSON.stringify({ created: 1, data: [{ b64_json: '' }], usage })), {
    id: 'img-1',
    created: 1,
    model: MODEL.id,
  });
  expect(exchange.readUsage(answer.usage ?? null)).toMatchObject({ promptTokens: 10, completionTokens: 1_056 });
});
