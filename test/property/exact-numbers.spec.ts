// No number is read as a double on its way through, whoever asks, whoever answers.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../src/pricing/index.js';
import type { Exchange } from '../../src/proxy/call/endpoint.js';
import { CHAT } from '../../src/proxy/endpoints/chat/chat.js';
import { MESSAGES } from '../../src/proxy/endpoints/chat/messages.js';
import { RESPONSES } from '../../src/proxy/endpoints/chat/responses.js';
import type { ChannelFormat } from '../../src/proxy/providers/channels.js';
import { channel } from '../support/proxy/opening.js';

/** Numbers that no double holds, of a form that is nowhere else in a request or an answer. */
const number = fc.oneof(
  fc.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^[1-9]\d{18,24}[1-9]$/)),
  fc.tuple(fc.constantFrom('0', '-17'), fc.stringMatching(/^\.\d{21}[1-9]$/)),
  fc.tuple(fc.stringMatching(/^[1-9]\d{17}[1-9]$/), fc.constantFrom('e12', 'E-7', 'e+400', 'e-999')),
);
const numbers = fc.array(
  number.map((parts) => parts.join('')),
  { minLength: 1, maxLength: 4 },
);
/** An object that holds them, at some depth. */
const holding = (all: readonly string[]): string =>
  `{"ids":[${all.join(', ')}],"deep":${all.reduce((inner, one) => `{"x\\"":[${inner}],"id":${one}}`, '{}')},"text":"1234567890123456789012345"}`;

const CLIENTS = {
  chat: {
    endpoint: CHAT,
    body: (
      schema: string,
      args: string,
      seed: string,
    ) => `{"seed":${seed},"temperature":0.${seed.replaceAll(/\D/g, '')},"messages":[
      {"role":"user","content":"Hi"},
      {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":${JSON.stringify(args)}}}]},
      {"role":"tool","tool_call_id":"c1","content":"1"}],
      "tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}],`,
  },
  messages: {
    endpoint: MESSAGES,
    body: (schema: string, args: string, seed: string) => `{"temperature":0.${seed.replaceAll(/\D/g, '')},"messages":[
      {"role":"user","content":"Hi"},
      {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":${args}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"}]}],
      "tools":[{"name":"f","input_schema":${schema}}],`,
  },
  responses: {
    endpoint: RESPONSES,
    body: (schema: string, args: string, seed: string) => `{"temperature":0.${seed.replaceAll(/\D/g, '')},"input":[
      {"role":"user","content":"Hi"},
      {"type":"function_call","call_id":"c1","name":"f","arguments":${JSON.stringify(args)}},
      {"type":"function_call_output","call_id":"c1","output":"1"}],
      "tools":[{"type":"function","name":"f","parameters":${schema}}],`,
  },
} as const;

const MODELS: Readonly<Record<ChannelFormat, string>> = {
  openai: 'gpt-4o',
  anthropic: 'claude-haiku-4-5',
  gemini: 'gemini-2.5-flash',
};
const ANSWERS: Readonly<Record<ChannelFormat, (args: string) => string>> = {
  openai: (args) =>
    `{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":${JSON.stringify(args)}}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`,
  anthropic: (args) =>
    `{"type":"message","content":[{"type":"tool_use","id":"c1","name":"f","input":${args}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}`,
  gemini: (args) =>
    `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":${args}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}`,
};
/** The same as the events of a stream. */
const STREAMS: Readonly<Record<ChannelFormat, (args: string) => readonly string[]>> = {
  openai: (args) => [
    `{"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":${JSON.stringify(args)}}}]}}]}`,
  ],
  anthropic: (args) => [
    '{"type":"message_start","message":{"usage":{"input_tokens":1,"output_tokens":1}}}',
    `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c1","name":"f","input":${args}}}`,
    '{"type":"content_block_stop","index":0}',
  ],
  gemini: (args) => [ANSWERS.gemini(args)],
};

const CONTEXT = { id: 'chatcmpl-1', created: 1, model: 'm' };

async function exchangeOf(client: keyof typeof CLIENTS, format: ChannelFormat, body: string): Promise<Exchange> {
  const model = findModel(MODELS[format]);
  if (model === undefined) throw new Error(`no model ${MODELS[format]}`);
  const call = await CLIENTS[client].endpoint.read(
    Buffer.from(`${body}"${client === 'responses' ? 'max_output_tokens' : 'max_tokens'}":100,"model":"${model.id}"}`),
    {},
  );
  return call.exchange(model, { channel: { ...channel('c'), format }, upstreamModel: model.id });
}

/** What is in a text, also within the texts of its JSON. */
const missing = (all: readonly string[], text: string): readonly string[] => all.filter((one) => !text.includes(one));

const pairs = Object.keys(CLIENTS).flatMap((client) =>
  Object.keys(MODELS).map((format) => [client, format] as [keyof typeof CLIENTS, ChannelFormat]),
);

describe.each(pairs)('%s to a provider that speaks %s', (client, format) => {
  it('sends every number of schemas, arguments and settings as it came', async () => {
    const law = fc.asyncProperty(numbers, numbers, async (ofSchema, ofArgs) => {
      const schema = `{"type":"object","properties":{"a":{"type":"integer","maximum":${ofSchema[0] ?? ''},"enum":[${ofSchema.join(',')}]}}}`;
      const [seed = ''] = ofArgs;
      const exchange = await exchangeOf(client, format, CLIENTS[client].body(schema, holding(ofArgs), seed));
      const { body } = await exchange.send(undefined);
      expect(missing([...ofSchema, ...ofArgs], String(body))).toEqual([]);
      // Anthropic has none, and Gemini's has 32 bits.
      const hasSeed = client === 'chat' && format === 'openai';
      const own = hasSeed ? `"seed":${seed}` : `"temperature":0.${seed.replaceAll(/\D/g, '')}`;
      expect(String(body)).toContain(own);
    });
    await fc.assert(law, { numRuns: 30 });
  });

  it('answers with every number as it came, plain and streamed', async () => {
    const exchange = await exchangeOf(client, format, CLIENTS[client].body('{}', '{}', '1'));
    const law = fc.property(numbers, (all) => {
      const args = holding(all);
      const { bytes, failure } = exchange.read(Buffer.from(ANSWERS[format](args)), CONTEXT);
      expect(failure).toBeUndefined();
      expect(missing(all, bytes.toString())).toEqual([]);
      const meter = exchange.meter(CONTEXT);
      const frames = STREAMS[format](args).map((data) => meter.listen(Buffer.from(`data: ${data}\n\n`)).toString());
      expect(missing(all, frames.join(''))).toEqual([]);
    });
    fc.assert(law, { numRuns: 30 });
  });

  it('takes counts that no double holds for no usage', async () => {
    const exchange = await exchangeOf(client, format, CLIENTS[client].body('{}', '{}', '1'));
    const answer = ANSWERS[format]('{}').replaceAll(/"(\w+_tokens|\w+TokenCount)":\d/g, '"$1":12345678901234567891');
    const { usage = null } = exchange.read(Buffer.from(answer), CONTEXT);
    expect(JSON.stringify(usage)).toContain('12345678901234567000');
    expect(exchange.readUsage(usage)).toMatchObject({ message: expect.stringContaining('not a plausible') as string });
  });
});
