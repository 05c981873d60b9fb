import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { ChatMeter } from './chat-meter.js';
import { ChunkDelivery } from './delivery.js';
import { MessagesMeter } from './messages-meter.js';
import { dataFrame, DONE_FRAME } from './sse.js';

const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({ choices: [{ index: 0, delta, ...more }] });

function heard(...chunks: readonly JsonObject[]): ChunkDelivery {
  const delivery = new ChunkDelivery();
  for (const one of chunks) delivery.hear(one);
  return delivery;
}

describe('what has come in chunks', () => {
  it.each<[string, JsonObject, number]>([
    ['text', { content: 'naïve' }, 6],
    ['thoughts', { reasoning_content: 'Hm.' }, 3],
    [
      'thoughts told twice',
      { reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }], content: '' },
      3,
    ],
    ['thoughts by Copilot’s name', { reasoning_text: 'Hm.' }, 3],
    ['thoughts in details alone', { reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }], content: '' }, 3],
    ['a refusal', { refusal: 'No.' }, 3],
    ['a call', { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: '{}' } }] }, 3],
    ['the words of speech', { audio: { id: 'audio_1', transcript: 'Hi' } }, 2],
    ['text in parts', { content: [{ type: 'text', text: '42' }] }, 2],
    ['thoughts in parts', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }, 3],
  ])('is counted: %s', (_what, delta, bytes) => {
    expect(heard(chunk({ role: 'assistant', content: '' }), chunk(delta)).uncounted).toMatchObject({
      pieces: 1,
      bytes,
    });
  });

  it('is speech apart from its words', () => {
    const speech = (bytes: number) => chunk({ audio: { data: Buffer.alloc(bytes).toString('base64') } });
    const delivery = heard(speech(4_800), speech(2_400), chunk({ audio: { expires_at: 1_790_000_000 } }));
    expect(delivery.uncounted).toEqual({ pieces: 0, bytes: 0, audioBytes: 7_200 });
    expect(delivery.began).toBe(true);
    delivery.counted();
    expect(delivery.uncounted.audioBytes).toBe(0);
  });

  it('is a piece for each choice', () => {
    const both = [0, 1].map((index) => ({ index, delta: { content: 'a' } }));
    expect(heard({ choices: both }).uncounted).toMatchObject({ pieces: 2, bytes: 2 });
  });

  it('is finished when every choice is', () => {
    const end = (index: number): JsonObject => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] });
    const began: JsonObject = { choices: [0, 1].map((index) => ({ index, delta: {}, finish_reason: null })) };
    expect(heard(began).finished).toBe(false);
    expect(heard(began, end(0)).finished).toBe(false);
    expect(heard(began, end(0), end(1), { choices: [] }).finished).toBe(true);
  });
});

describe('a meter', () => {
  it('leaves nothing uncounted where the provider has told its usage', () => {
    const meter = new ChatMeter(true);
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    meter.listen(Buffer.concat([chunk({ content: 'a' }), chunk({ content: 'bc' })].map(dataFrame)));
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 2, bytes: 3 });
    meter.listen(
      Buffer.concat([dataFrame({ ...chunk({ content: 'd' }), usage }), dataFrame(chunk({ content: 'ef' }))]),
    );
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 1, bytes: 2 });
    expect([meter.delivery.began, meter.delivery.finished]).toEqual([true, false]);
    meter.listen(Buffer.concat([dataFrame(chunk({}, { finish_reason: 'stop' })), DONE_FRAME]));
    expect(meter.delivery.finished).toBe(true);
  });

  it('of Anthropic’s events counts text, thoughts and the input of calls, from message_start on', () => {
    const meter = new MessagesMeter();
    const delta = (one: JsonObject) => dataFrame({ type: 'content_block_delta', index: 0, delta: one });
    const start = { type: 'message_start', message: { usage: { input_tokens: 25, output_tokens: 1 } } };
    const deltas = [
      { type: 'thinking_delta', thinking: 'Hm.' },
      { type: 'signature_delta', signature: 'x'.repeat(500) },
      { type: 'text_delta', text: 'Hello' },
      { type: 'input_json_delta', partial_json: '' },
      { type: 'input_json_delta', partial_json: '{}' },
    ];
    meter.listen(Buffer.concat([dataFrame(start), ...deltas.map(delta)]));
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 3, bytes: 10 });
    expect(meter.delivery.finished).toBe(false);
    meter.listen(
      dataFrame({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } }),
    );
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 0, bytes: 0 });
    expect(meter.delivery.finished).toBe(true);
  });
});
