// What must hold of every chat that OpenAI answers in its Responses API.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { UsageFault } from '../../src/pricing/index.js';
import { UpstreamFormatMeter } from '../../src/proxy/relay/translating-meters.js';
import { dataFrame, FrameBuffer } from '../../src/proxy/relay/sse.js';
import {
  anthropicClient,
  anthropicUpstream,
  responsesClient,
  responsesUpstream,
  Untranslatable,
} from '../../src/proxy/wire/index.js';
import { chats } from '../support/proxy/wire/chats.js';
import { dataOf, joinChunks, joinEvents, whole } from '../support/proxy/wire/frames.js';
import { CONTEXT, eventsOf, responses } from '../support/proxy/wire/responses.js';

function streamed(response: JsonObject, seed: number) {
  const stream = responsesUpstream.stream(CONTEXT, { includeUsage: true });
  const frames = eventsOf(response, seed).map((event) => stream.push(JSON.stringify(event)));
  return { stream, frames: frames.join('') };
}

describe('an answer', () => {
  it('comes to the same whether streamed or whole', () => {
    const law = fc.property(responses, fc.nat(20), (response, seed) => {
      const { stream, frames } = streamed(response, seed);
      const answer = responsesUpstream.answer(response, CONTEXT);
      expect(joinChunks(dataOf(frames))).toEqual(whole(answer.body));
      expect(stream).toMatchObject({ done: true, error: undefined, usage: answer.usage });
    });
    fc.assert(law);
  });

  it('is the same wherever its bytes are cut', () => {
    const law = fc.property(responses, fc.nat(20), fc.integer({ min: 1, max: 50 }), (response, seed, size) => {
      const meter = new UpstreamFormatMeter(responsesUpstream.stream(CONTEXT, { includeUsage: true }));
      const bytes = Buffer.concat(eventsOf(response, seed).map(dataFrame));
      const buffer = new FrameBuffer();
      let passed = '';
      for (let at = 0; at < bytes.length; at += size)
        passed += meter.listen(buffer.push(bytes.subarray(at, at + size))).toString();
      expect(passed).toBe(streamed(response, seed).frames);
    });
    fc.assert(law, { numRuns: 30 });
  });

  it('tells a client exactly the counts of the bill', () => {
    const law = fc.property(responses, (response) => {
      const { body, usage } = responsesUpstream.answer(response, CONTEXT);
      expect(usage).toBe(response['usage']);
      const billed = responsesUpstream.readUsage(usage ?? null);
      if (billed instanceof UsageFault) throw new Error(billed.message);
      const counts = response['usage'] as Record<string, Record<string, number> | number>;
      const inner = (field: string) => counts[field] as Record<string, number>;
      expect(body['usage']).toEqual({
        prompt_tokens: counts['input_tokens'],
        completion_tokens: counts['output_tokens'],
        total_tokens: counts['total_tokens'],
        prompt_tokens_details: inner('input_tokens_details'),
        completion_tokens_details: inner('output_tokens_details'),
      });
      expect(billed).toMatchObject({
        promptTokens: counts['input_tokens'],
        cachedTokens: inner('input_tokens_details')['cached_tokens'],
        cacheWriteTokens: inner('input_tokens_details')['cache_write_tokens'],
        completionTokens: counts['output_tokens'],
        reasoningTokens: inner('output_tokens_details')['reasoning_tokens'],
        totalTokens: counts['total_tokens'],
      });
    });
    fc.assert(law);
  });

  it('reaches a client of Anthropic’s API block by block, with its reasoning to send back', () => {
    const law = fc.property(responses, fc.nat(20), (response, seed) => {
      const events = anthropicClient.stream(CONTEXT, {});
      const chunks = dataOf(streamed(response, seed).frames);
      const frames = chunks.map((chunk) => events.push(JSON.stringify(chunk))).join('') + events.end();
      const plain = anthropicClient.answer(responsesUpstream.answer(response, CONTEXT).body, {});
      expect(reasoningSent(dataOf(frames))).toEqual(encryptedIn(response));
      expect(reasoningIn(plain['content'] as readonly JsonObject[])).toEqual(encryptedIn(response));
      expect(joinEvents(dataOf(frames))['stop_reason']).toBe(plain['stop_reason']);
    });
    fc.assert(law);
  });
});

const encryptedIn = (response: JsonObject): readonly string[] =>
  (response['output'] as readonly JsonObject[]).flatMap((item) => (item['encrypted_content'] as string | null) ?? []);

/** The encrypted reasoning that OpenAI gets back of a message with these blocks. */
function reasoningIn(blocks: readonly JsonObject[]): readonly string[] {
  const said = blocks.filter(({ type }) => type === 'thinking');
  const content = [...said, { type: 'text', text: 'x' }];
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content },
    { role: 'user', content: 'Go on' },
  ];
  const chat = anthropicClient.request({ model: 'gpt-6-astra', max_tokens: 100, messages });
  const last = (chat['messages'] as readonly JsonObject[])[1] ?? {};
  const details = (last['reasoning_details'] ?? []) as readonly JsonObject[];
  // All before the text, which a place beyond it would be.
  const own = { ...chat, messages: [{ ...last, reasoning_details: details.map((one) => ({ ...one, index: 0 })) }] };
  return encryptedIn({ output: responsesUpstream.request(own)['input'] });
}

function reasoningSent(events: readonly JsonObject[]): readonly string[] {
  const signatures = events.flatMap(({ delta }) => {
    const { type, signature } = (delta ?? {}) as JsonObject;
    return type === 'signature_delta' ? [String(signature)] : [];
  });
  return reasoningIn(signatures.map((signature) => ({ type: 'thinking', thinking: '', signature })));
}

describe('a request', () => {
  it('of a conversation means the same on the way back', () => {
    const turns = fc.array(chats, { minLength: 1, maxLength: 3 });
    const law = fc.property(turns, (answers) => {
      const messages = answers.flatMap((chat, turn) => conversation(chat, turn));
      const chat = { model: 'gpt-6-astra', messages, max_completion_tokens: 77, reasoning_effort: 'low' };
      const back = responsesClient.request({ ...responsesUpstream.request(chat) });
      expect(back).toMatchObject({ model: 'gpt-6-astra', max_completion_tokens: 77, reasoning_effort: 'low' });
      expect(meaningOf(back)).toEqual(meaningOf(chat));
    });
    fc.assert(law);
  });

  const names = `
    model messages tools tool_choice functions role content tool_calls tool_call_id function custom id name arguments type text image_url
    file file_data reasoning_details data format index refusal response_format json_schema schema reasoning reasoning_effort thinking stop n
    logprobs top_logprobs metadata stream stream_options parallel_tool_calls
  `;
  const FIELDS = names.trim().split(/\s+/);
  const likely = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, 0, 1, '', 'x', 'user', 'assistant', 'tool', 'function', 'custom', 'text', 'allowed_tools'),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 5 }) as fc.Arbitrary<JsonObject>,
  })).object;

  it('is translated or refused, whatever it holds', () => {
    const law = fc.property(likely, fc.array(likely), (chat, messages) => {
      for (const request of [chat, { ...chat, messages }]) {
        try {
          JSON.stringify(responsesUpstream.request(request));
        } catch (error) {
          if (!(error instanceof Untranslatable)) throw error;
        }
      }
    });
    fc.assert(law, { numRuns: 500 });
  });

  it('has an answer that is translated or none, whatever comes', () => {
    const law = fc.property(fc.array(likely), (bodies) => {
      const stream = responsesUpstream.stream(CONTEXT, { includeUsage: true });
      for (const body of bodies) {
        dataOf(stream.push(JSON.stringify({ type: 'response.output_item.done', item: body })));
        dataOf(stream.push(JSON.stringify(body)));
        try {
          responsesUpstream.answer({ status: 'completed', output: [body], ...body }, CONTEXT);
        } catch (error) {
          if (!(error instanceof Untranslatable)) throw error;
        }
      }
    });
    fc.assert(law, { numRuns: 500 });
  });

  it('of Anthropic’s reasoning has none of it', () => {
    const detail = { type: 'reasoning.text', text: 'Hm', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 };
    const messages = [{ role: 'assistant', content: 'x', reasoning_details: [detail] }];
    const input = responsesUpstream.request({ model: 'gpt-6-astra', messages })['input'];
    expect(JSON.stringify(input)).not.toContain('EqQB');
    const theirs = { ...detail, type: 'reasoning.encrypted', data: 'x', format: 'openai-responses-v1' };
    const back = {
      model: 'claude-opus-5-5',
      max_tokens: 9,
      messages: [
        { role: 'assistant', content: 'x', reasoning_details: [theirs] },
        { role: 'user', content: 'x' },
      ],
    };
    expect(JSON.stringify(anthropicUpstream.request(back))).not.toContain('thinking');
  });
});

/** An answer as history: with results of its calls, and a question. */
function conversation(chat: JsonObject, turn: number): readonly JsonObject[] {
  const [choice] = chat['choices'] as readonly [JsonObject];
  const { reasoning_content: _thoughts, reasoning_details: _details, ...said } = choice['message'] as JsonObject;
  const calls = (said['tool_calls'] as readonly JsonObject[]).map((call) => ({
    ...call,
    id: `${String(call['id'])}_${turn}`,
  }));
  const { tool_calls: _calls, ...message } = said;
  return [
    { role: turn === 0 ? 'system' : 'user', content: `Turn ${turn}` },
    { ...message, ...(calls.length > 0 && { tool_calls: calls }) },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: `of ${id}` })),
  ];
}

/** The messages as they count: a refusal is a text, and nothing that was said is no message. */
const meaningOf = (chat: JsonObject): readonly JsonObject[] =>
  (chat['messages'] as readonly JsonObject[]).flatMap(({ role, content, refusal, tool_calls, tool_call_id }) => {
    const said = `${String(content ?? '')}${String(refusal ?? '')}`;
    const isNothing = role === 'assistant' && said === '' && tool_calls === undefined;
    return isNothing ? [] : [{ role, said, tool_calls, tool_call_id }];
  });
