// What must hold of every answer that a client of the Responses API gets, put together by OpenAI's own SDK.
import * as fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { responsesClient, Untranslatable } from '../../src/proxy/wire/index.js';
import { chats, chunksOf } from '../support/proxy/wire/chats.js';
import { dataOf } from '../support/proxy/wire/frames.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'm' };
const ASKED = { model: 'm', input: 'Hi', temperature: 0.5, metadata: { a: 'b' } };
const sizes = fc.integer({ min: 1, max: 5 });

function framesOf(chat: JsonObject, size: number) {
  const stream = responsesClient.stream(CONTEXT, ASKED);
  const before = chunksOf(chat, size).map((chunk) => stream.push(JSON.stringify(chunk)));
  return { before: before.join(''), end: stream.end() };
}

/** OpenAI's SDK, which is answered with these frames. */
const sdk = (frames: string) =>
  new OpenAI({
    apiKey: 'x',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(frames, { headers: { 'content-type': 'text/event-stream' } })),
  });

describe('an answer', () => {
  it('is the same whether streamed or whole', () => {
    const law = fc.property(chats, sizes, (chat, size) => {
      const { before, end } = framesOf(chat, size);
      const events = dataOf(before + end);
      expect(events.at(-1)?.['response']).toEqual(responsesClient.answer(chat, ASKED));
      expect(events.map((event) => event['sequence_number'])).toEqual([...events.keys()]);
    });
    fc.assert(law);
  });

  it('is put together by OpenAI’s SDK, event by event', async () => {
    const law = fc.asyncProperty(chats, sizes, async (chat, size) => {
      const { before, end } = framesOf(chat, size);
      const whole = responsesClient.answer(chat, ASKED);
      // Without the output in its last event the SDK has only the events before it to go by.
      const last = end.replace(/"output":\[.*\],"parallel_tool_calls"/s, '"parallel_tool_calls"');
      expect(last).not.toContain('"output":[');
      const response = await sdk(before + last)
        .responses.stream(ASKED)
        .finalResponse();
      expect(response).toMatchObject(JSON.parse(JSON.stringify(whole)) as object);
    });
    await fc.assert(law, { numRuns: 50 });
  });

  it('tells its deltas as what it says in the end', () => {
    const law = fc.property(chats, sizes, (chat, size) => {
      const { before, end } = framesOf(chat, size);
      const events = dataOf(before + end);
      for (const done of events.filter(({ type }) => /(?:text|refusal|arguments)\.done$/.test(String(type)))) {
        const name = String(done['type']).replace('.done', '.delta');
        const deltas = events.filter(({ type, item_id }) => type === name && item_id === done['item_id']);
        const whole = done['text'] ?? done['refusal'] ?? done['arguments'];
        expect(deltas.map(({ delta }) => delta).join('')).toBe(whole);
      }
    });
    fc.assert(law);
  });

  it('is not said to be whole before the end', () => {
    const law = fc.property(chats, sizes, (chat, size) => {
      const { before, end } = framesOf(chat, size);
      expect(before).not.toMatch(/^event: response\.(?:completed|incomplete)$/m);
      expect(end).toMatch(/^event: response\.(?:completed|incomplete)$/m);
    });
    fc.assert(law);
  });

  it('that breaks off is an error to OpenAI’s SDK', async () => {
    const stream = responsesClient.stream(CONTEXT, ASKED);
    const frames =
      stream.push('{"choices":[{"delta":{"content":"Hel"}}]}') +
      stream.fail({ error: { message: 'It broke.', type: 'upstream_error', param: null, code: 'x' } });
    await expect(sdk(frames).responses.stream(ASKED).finalResponse()).rejects.toThrow('It broke.');
    const read = async () => {
      const types: string[] = [];
      for await (const { type } of await sdk(frames).responses.create({ ...ASKED, stream: true })) types.push(type);
      return types;
    };
    await expect(read()).rejects.toMatchObject({ error: { message: 'It broke.', code: 'x' } });
  });
});

const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>;
const TYPES = [
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'function',
  'input_image',
  'input_file',
];
const FIELDS = `
  input type role content output summary arguments name call_id text format tools tool_choice reasoning include image_url
  file_data choices message delta tool_calls function usage logprobs finish_reason encrypted_content reasoning_details
  error instructions top_logprobs refusal index prompt_tokens_details
`
  .trim()
  .split(/\s+/);
/** Objects with the fields and values of the API in the wrong places. */
const likely = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, 0, 1, '', 'x', 'user', 'assistant', 'output_text', 'input_text', ...TYPES),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 5 }) as fc.Arbitrary<JsonObject>,
})).object;
const any = fc.oneof(object, likely);

function isTranslatable(request: JsonObject): boolean {
  try {
    responsesClient.request(request);
    return true;
  } catch {
    return false;
  }
}

describe('whatever JSON comes', () => {
  it('a request is translated or refused as untranslatable', () => {
    const law = fc.property(any, fc.array(any), (body, input) => {
      for (const request of [body, { ...body, input }]) {
        try {
          JSON.stringify(responsesClient.request(request));
        } catch (error) {
          if (!(error instanceof Untranslatable)) throw error;
        }
      }
    });
    fc.assert(law, { numRuns: 1_000 });
  });

  it('an answer and a stream are translated, of a request that was', () => {
    const law = fc.property(fc.array(any), any, (bodies, asked) => {
      const request = [asked, { ...asked, tool_choice: 'auto' }].find(isTranslatable) ?? { input: 'Hi' };
      const stream = responsesClient.stream(CONTEXT, request);
      let frames = '';
      for (const body of bodies) {
        responsesClient.answer(body, request);
        frames += stream.push(JSON.stringify(body));
        frames += stream.push(JSON.stringify({ choices: [{ delta: body }] }));
      }
      frames += stream.push('{"broken') + stream.fail(asked) + stream.end();
      dataOf(frames);
    });
    fc.assert(law, { numRuns: 1_000 });
  });
});
