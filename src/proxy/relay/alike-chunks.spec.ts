import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { ChatMeter } from './chat-meter.js';
import { ChunkDelivery } from './delivery.js';

const text = fc.oneof(
  fc.constantFrom(
    'a',
    ' octopus',
    'content',
    'stop',
    '',
    '"',
    '\\',
    '\n',
    '}',
    'naïve',
    '\u2028',
    '🐙',
    'gpt',
    'delta',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const delta: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 6, arbitrary: text.map((content) => ({ content })) },
  { weight: 2, arbitrary: text.map((reasoning) => ({ reasoning_content: reasoning, content: '' })) },
  fc.tuple(text, text).map(([content, refusal]) => ({ content, refusal })),
  text.map((content) => ({ role: 'assistant', content, obfuscation: content })),
  text.map((args) => ({ tool_calls: [{ index: 0, function: { arguments: args } }] })),
);
const choice = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 1),
    delta,
    fc.constantFrom<JsonObject>({}, {}, { finish_reason: null }, { finish_reason: 'stop' }),
  )
  .map(([index, said, end]): JsonObject => ({ index, delta: said, ...end }));
const chunk = fc
  .tuple(
    fc.constantFrom<JsonObject>({ id: 'x', model: 'gpt' }, { id: 'x', model: 'gpt' }, { model: 'gpt' }),
    fc.oneof({ weight: 9, arbitrary: choice.map((one) => [one]) }, fc.array(choice, { maxLength: 2 })),
    fc.constantFrom<JsonObject>({}, {}, {}, { usage: null }, { usage: { prompt_tokens: 3, completion_tokens: 2 } }),
  )
  .map(([head, choices, tail]): JsonObject => ({ ...head, choices, ...tail }));

const frame = (value: JsonValue): string => `data: ${JSON.stringify(value)}\n\n`;

const toldBy = (delivery: ChunkDelivery) => [delivery.all, delivery.finished, delivery.uncounted];

describe('chunks that are alike but for their text', () => {
  it('count as if each had been parsed, whatever is in them', () =>
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), fc.boolean(), (chunks, together) => {
        const meter = new ChatMeter(true);
        const parsed = new ChunkDelivery();
        for (const one of chunks) {
          parsed.hear(one);
          if (one['usage'] !== undefined && one['usage'] !== null) parsed.counted();
        }
        const texts = chunks.map(frame);
        const passed = (together ? [texts.join('')] : texts).map((bytes) =>
          meter.listen(Buffer.from(bytes)).toString(),
        );
        expect(passed.join('')).toBe(texts.join(''));
        expect(toldBy(meter.delivery)).toEqual(toldBy(parsed));
      }),
    ));

  it('are still read for an error, the usage and the end', () => {
    const meter = new ChatMeter(false);
    const piece = (more: JsonObject = {}) => frame({ choices: [{ index: 0, delta: { content: 'a' } }], ...more });
    const passed = meter.listen(Buffer.from(piece() + piece() + piece({ usage: { prompt_tokens: 1 } }) + piece()));
    expect(meter.usage).toEqual({ prompt_tokens: 1 });
    expect(meter.delivery.all.pieces).toBe(4);
    expect(passed.length).toBe(Buffer.byteLength(piece() + piece() + piece({ usage: { prompt_tokens: 1 } }) + piece()));
    expect(meter.listen(Buffer.from(piece({ error: { message: 'overloaded' } }) + piece())).length).toBe(0);
    expect(meter.error?.message).toBe('overloaded');
  });

  it('are broken where a line breaks within a text', () => {
    const meter = new ChatMeter(false);
    const piece = frame({ choices: [{ index: 0, delta: { content: 'ab' } }] });
    const broken = piece.replace('ab', 'a\nevent: error');
    expect(meter.listen(Buffer.from(piece + piece + broken)).toString()).toBe(piece + piece + broken);
    expect(meter.delivery.all.pieces).toBe(2);
  });
});
