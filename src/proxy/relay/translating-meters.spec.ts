import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { CONTEXT, eventsOf, messages } from '../../../test/support/proxy/wire/anthropic-messages.js';
import { dataOf } from '../../../test/support/proxy/wire/frames.js';
import { eventsOf as eventsOfResponse, responses } from '../../../test/support/proxy/wire/responses.js';
import { anthropicUpstream, gemini, responsesUpstream, type UpstreamFormat } from '../wire/index.js';
import { ChunkDelivery } from './delivery.js';
import { dataFrame } from './sse.js';
import { UpstreamFormatMeter } from './translating-meters.js';

const text = fc.oneof(fc.constantFrom('a', ' octopus', '', '"', '\\', '\n\n', '\ud83d', '🐙'), fc.string());
const part = fc.oneof(
  { weight: 5, arbitrary: text.map((said): JsonObject => ({ text: said })) },
  text.map((thought): JsonObject => ({ text: thought, thought: true })),
  fc.tuple(text, text).map(([said, thoughtSignature]): JsonObject => ({ text: said, thoughtSignature })),
  text.map((city): JsonObject => ({ functionCall: { name: 'get_weather', args: { city } } })),
);
const candidate = fc
  .record({
    index: fc.constantFrom(0, 0, 0, 1),
    parts: fc.oneof({ weight: 5, arbitrary: part.map((one) => [one]) }, fc.array(part, { maxLength: 3 })),
    end: fc.constantFrom<JsonObject>({}, {}, {}, { finishReason: 'STOP' }),
  })
  .map(({ index, parts, end }): JsonObject => ({ index, content: { parts, role: 'model' }, ...end }));
const count = fc.nat(100);
const event = fc
  .record({
    candidates: fc.oneof({ weight: 5, arbitrary: candidate.map((one) => [one]) }, fc.array(candidate)),
    usage: fc.constantFrom(true, false),
    prompt: count,
    completion: count,
  })
  .map(({ candidates, usage, prompt, completion }): JsonObject => ({
    candidates,
    ...(usage && { usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: completion } }),
  }));

/** What a meter hears of a translated stream, and what stands in the chunks that it passes on. */
function heardAndPassed(format: UpstreamFormat, events: readonly JsonObject[], includeUsage: boolean) {
  const stream = format.stream(CONTEXT, { includeUsage });
  const meter = new UpstreamFormatMeter(stream);
  const passed = new ChunkDelivery();
  let usage = stream.usage;
  for (const one of events) {
    for (const chunk of dataOf(meter.listen(dataFrame(one)).toString())) passed.hear(chunk);
    if (stream.usage !== usage) passed.counted();
    ({ usage } = stream);
  }
  return [meter.delivery, passed].map(({ all, uncounted, finished, began }) => ({ all, uncounted, finished, began }));
}

describe('what has come of a translated stream', () => {
  it('is what stands in the chunks that pass on, from Anthropic', () =>
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(60), fc.boolean(), (message, seed, most, includeUsage) => {
        const [heard, passed] = heardAndPassed(anthropicUpstream, eventsOf(message, seed).slice(0, most), includeUsage);
        expect(heard).toEqual(passed);
      }),
    ));

  it('is what stands in the chunks that pass on, from OpenAI’s Responses API', () =>
    fc.assert(
      fc.property(responses, fc.nat(20), fc.nat(60), fc.boolean(), (response, seed, most, includeUsage) => {
        const events = eventsOfResponse(response, seed).slice(0, most);
        const [heard, passed] = heardAndPassed(responsesUpstream, events, includeUsage);
        expect(heard).toEqual(passed);
      }),
    ));

  it('is what stands in the chunks that pass on, from Google', () =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), fc.boolean(), (events, includeUsage) => {
        const [heard, passed] = heardAndPassed(gemini, events, includeUsage);
        expect(heard).toEqual(passed);
      }),
    ));
});
