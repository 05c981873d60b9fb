// What must hold of every answer that a client of OpenAI's legacy completions gets.
import * as fc from 'fast-check';
import OpenAI from 'openai';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { completionsClient, Untranslatable } from '../../src/proxy/wire/index.js';
import { chats, chunksOf } from '../support/proxy/wire/chats.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'm' };
const ASKED = { model: 'm', prompt: 'Hi', stream_options: { include_usage: true } };

it('an answer is the same whether read as OpenAI’s SDK streams it or whole', async () => {
  const law = fc.asyncProperty(chats, fc.integer({ min: 1, max: 5 }), async (chat, size) => {
    const stream = completionsClient.stream(CONTEXT, ASKED);
    const before = chunksOf(chat, size).map((chunk) => stream.push(JSON.stringify(chunk)));
    const frames = before.join('') + stream.end();
    const client = new OpenAI({ apiKey: 'x', fetch: () => Promise.resolve(new Response(frames)) });
    let [text, finish, usage]: [string, unknown, unknown] = ['', null, undefined];
    for await (const chunk of await client.completions.create({ ...ASKED, stream: true })) {
      text += chunk.choices[0]?.text ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    const whole = completionsClient.answer(chat, ASKED);
    expect(whole).toMatchObject({ choices: [{ text, finish_reason: finish }], usage });
  });
  await fc.assert(law, { numRuns: 50 });
});

it('whatever JSON comes is translated or refused as untranslatable', () => {
  const fields = [
    'prompt',
    'choices',
    'message',
    'delta',
    'content',
    'usage',
    'finish_reason',
    'stream_options',
    'error',
  ];
  const values = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonObject>;
  const any = fc.oneof(
    fc.dictionary(fc.constantFrom(...fields), fc.oneof(values, fc.array(values))),
    fc.dictionary(fc.string(), values),
  ) as fc.Arbitrary<JsonObject>;
  const law = fc.property(any, any, (body, asked) => {
    try {
      completionsClient.request(body);
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
    }
    completionsClient.answer(body, asked);
    const stream = completionsClient.stream(CONTEXT, asked);
    stream.push(JSON.stringify(body));
    stream.push(JSON.stringify({ choices: [body] }));
    stream.fail(body);
  });
  fc.assert(law, { numRuns: 1_000 });
});
