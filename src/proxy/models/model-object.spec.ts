import { describe, expect, it } from 'vitest';
import { compilePriceList, findModel, startingPriceList } from '../../pricing/index.js';
import { modelObject } from './model-object.js';

const AT = '2026-11-23T00:00:00.000Z';
const prices = compilePriceList({ version: 1, effectiveFrom: AT, at: AT, models: startingPriceList() });

function shown(name: string, at = AT): object {
  const model = findModel(name);
  if (model === undefined) throw new Error(`${name} is not listed`);
  return modelObject(model, { name, prices, atMs: Date.parse(at) });
}

describe('a model as it is listed', () => {
  it('has the fields that clients of OpenAI, Anthropic, OpenRouter and LiteLLM read', () =>
    expect(shown('gpt-4o')).toEqual({
      id: 'gpt-4o',
      object: 'model',
      type: 'model',
      created: Date.parse('2024-05-13') / 1_000,
      created_at: '2024-05-13T00:00:00Z',
      owned_by: 'openai',
      name: 'GPT-4o',
      display_name: 'GPT-4o',
      canonical_slug: 'gpt-4o',
      aliases: ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'],
      kind: 'chat',
      context_length: 128_000,
      architecture: {
        modality: 'text+image->text',
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
      },
      pricing: { prompt: '0.0000025', completion: '0.00001', request: '0.00', input_cache_read: '0.00000125' },
      top_provider: { context_length: 128_000, max_completion_tokens: 16_384, is_moderated: false },
      lifecycle: 'retiring',
      shutdown_date: '2027-01-14',
      successor: 'gpt-6-luna',
    }));

  it('answers to each of its names, with that name as its id', () =>
    expect(shown('gpt-4o-2024-11-20')).toEqual({ ...shown('gpt-4o'), id: 'gpt-4o-2024-11-20' }));

  it('tells what long prompts cost', () =>
    expect(shown('gemini-2.5-pro')).toMatchObject({
      pricing: { prompt: '0.00000125', completion: '0.00001' },
      long_context_pricing: [{ min_prompt_tokens: 200_001, prompt: '0.0000025', completion: '0.000015' }],
    }));

  it('tells the price of the hour', () => {
    expect(shown('deepseek-flash', '2026-11-23T00:30:00Z')).toMatchObject({ pricing: { prompt: '0.00000015' } });
    expect(shown('deepseek-flash', '2026-11-23T02:30:00Z')).toMatchObject({ pricing: { prompt: '0.0000003' } });
  });

  it('tells the price of a piece, and no cap where nothing is completed', () => {
    expect(shown('whisper-1')).toMatchObject({
      kind: 'transcription',
      pricing: { prompt: '0.00', per_second: '0.0001' },
      top_provider: { max_completion_tokens: null },
    });
    expect(shown('dall-e-3')).toMatchObject({ pricing: { per_image: '0.04' }, lifecycle: 'retired' });
    expect(shown('tts-1')).toMatchObject({ pricing: { per_character: '0.000015' }, successor: null });
  });

  it('says that what is free is free', () =>
    expect(shown('omni-moderation-latest')).toMatchObject({
      pricing: { prompt: '0.00', completion: '0.00', request: '0.00' },
      shutdown_date: null,
    }));
});
