import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from './index.js';

const OCTOPUS = 'Give me one fact about octopuses.';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const post = (body: unknown, headers: Record<string, string> = { authorization: 'Bearer sk-any' }) =>
  fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const chat = (fields: object, content: string = OCTOPUS) =>
  post({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...fields });
const set = (knobs: object) => fetch(`${provider.url}/sandbox/knobs`, { method: 'POST', body: JSON.stringify(knobs) });
const answer = async (fields: object, content?: string) => JSON.parse(await (await chat(fields, content)).text());

describe('a sandbox chat completion', () => {
  it('has the shape OpenAI documents', async () => {
    expect(await answer({})).toEqual({
      id: expect.stringMatching(/^chatcmpl-\w+$/),
      object: 'chat.completion',
      created: expect.closeTo(Date.now() / 1000, -1),
      model: 'gpt-4o',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Octopuses have three hearts, and one of them stops beating while they swim.',
            refusal: null,
            annotations: [],
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 14,
        completion_tokens: 22,
        total_tokens: 36,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: 'default',
      system_fingerprint: expect.stringMatching(/^fp_/),
    });
  });

  it('is the same for the same request, but for id and time', async () => {
    const [first, second] = [await answer({}, 'Hello there'), await answer({}, 'Hello there')];
    expect(second).toEqual({ ...first, id: second.id, created: second.created });
    expect(second.id).not.toBe(first.id);
  });

  it('echoes any other message', async () =>
    expect((await answer({}, 'Hi 🐙')).choices[0].message.content).toBe(
      'Sandbox answer: you said “Hi 🐙”. No model was asked.',
    ));

  it.each(['__proto__', 'constructor'])('echoes “%s”, which every object has', async (prompt) =>
    expect((await answer({}, prompt)).choices[0].message.content).toContain(`you said “${prompt}”`),
  );

  it.each(['max_tokens', 'max_completion_tokens'])('is cut at %s', async (field) => {
    const { choices, usage } = await answer({ [field]: 5 });
    expect(choices[0]).toMatchObject({ message: { content: 'Octopuses have thre' }, finish_reason: 'length' });
    expect(usage).toMatchObject({ completion_tokens: 5, total_tokens: 19 });
  });

  it('ends before a stop string', async () => {
    const { choices, usage } = await answer({ stop: [', and', 'swim'] });
    expect(choices[0]).toMatchObject({ message: { content: 'Octopuses have three hearts' }, finish_reason: 'stop' });
    expect(usage.completion_tokens).toBe(8);
  });

  it('has n choices and counts the tokens of all', async () => {
    const { choices, usage } = await answer({ n: 3, max_tokens: 4 }, 'Hello');
    expect(choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2]);
    expect(usage.completion_tokens).toBe(12);
  });

  it.each([
    ['tokens=500', { completion_tokens: 500, total_tokens: 515 }],
    ['cached=8', { prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 } }],
    ['reasoning=100', { completion_tokens: 118, completion_tokens_details: { reasoning_tokens: 100 } }],
  ])('reports what %s asks for', async (knobs, expected) =>
    expect((await answer({}, `Hi [[sandbox ${knobs}]]`)).usage).toMatchObject(expected),
  );

  it('never lets knobs report more than max_tokens', async () => {
    const { usage, choices } = await answer({ max_tokens: 10 }, 'Hi [[sandbox tokens=500 reasoning=4]]');
    expect(usage.completion_tokens).toBe(10);
    expect(choices[0].finish_reason).toBe('length');
  });

  it.each([
    [{ type: 'json_object' }, { sandbox: true, answer: OCTOPUS }],
    [
      { type: 'json_schema', json_schema: { name: 's', schema: { properties: { ok: { type: 'boolean' } } } } },
      { ok: true },
    ],
  ])('is JSON when %j asks for it', async (format, value) =>
    expect(JSON.parse((await answer({ response_format: format })).choices[0].message.content)).toEqual(value),
  );
});

describe('sandbox tools', () => {
  const weather = { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] };
  const tools = ['get_weather', 'get_time'].map((name) => ({
    type: 'function',
    function: { name, parameters: weather },
  }));
  const asked = { role: 'user', content: 'How is the weather in Paris?' };
  const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
  const called = { role: 'assistant', content: null, tool_calls: [call] };
  const told = { role: 'tool', tool_call_id: 'call_1', content: 'rain' };

  it('are called for a user', async () => {
    const [choice] = (await answer({ tools, messages: [asked] })).choices;
    expect(choice).toMatchObject({
      message: { content: null, tool_calls: [{ type: 'function', function: { name: 'get_weather' } }] },
      finish_reason: 'tool_calls',
    });
    expect(JSON.parse(choice.message.tool_calls[0].function.arguments)).toEqual({ location: 'Paris, France' });
  });

  it('are answered with in text', async () =>
    expect((await answer({ tools, messages: [asked, called, told] })).choices[0]).toMatchObject({
      message: { content: 'Sandbox answer: the tool returned “rain”.' },
      finish_reason: 'stop',
    }));

  it.each([
    ['required', [asked, called, told], 'get_weather'],
    [{ type: 'function', function: { name: 'get_time' } }, [asked], 'get_time'],
    ['none', [asked], undefined],
  ])('obey tool_choice %j', async (choice, messages, name) => {
    const [{ message }] = (await answer({ tools, tool_choice: choice, messages })).choices;
    expect(message.tool_calls?.[0].function.name).toBe(name);
  });
});

describe('a bad request to the sandbox provider', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  it.each([
    [{ messages }, 'model', null],
    [{ model: 'm' }, 'messages', 'missing_required_parameter'],
    [{ model: 'm', messages: [] }, 'messages', 'empty_array'],
    [{ model: 'm', messages: [{ role: 'robot', content: '' }] }, 'messages[0].role', 'invalid_value'],
    [{ model: 'm', messages: [{ role: 'user' }] }, 'messages[0].content', 'missing_required_parameter'],
    [{ model: 'm', messages, n: 0 }, 'n', 'integer_below_min_value'],
    [{ model: 'm', messages, n: 129 }, 'n', 'integer_above_max_value'],
    [{ model: 'm', messages, max_tokens: 'many' }, 'max_tokens', 'invalid_type'],
    [{ model: 'm', messages, stream_options: { include_usage: true } }, 'stream_options', null],
    [{ model: 'm', messages, tool_choice: 'required' }, 'tool_choice', null],
    [
      { model: 'm', messages: [{ role: 'user', content: '[[sandbox fault=sulk]]' }] },
      'messages',
      'invalid_sandbox_directive',
    ],
    ['{"model":', null, null],
  ])('%j is a 400 that names the parameter', async (body, param, code) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
  });

  it.each<Record<string, string>>([{}, { authorization: 'Bearer ' }, { authorization: 'Basic abc' }])(
    'with the headers %j is a 401',
    async (headers) => {
      const response = await post({ model: 'm', messages }, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    },
  );

  it('to another address is a 404', async () => {
    const response = await fetch(`${provider.url}/v1/nothing`, { headers: { authorization: 'Bearer x' } });
    expect(response.status).toBe(404);
  });
});

describe('the sandbox provider', () => {
  it('lists models', async () => {
    const response = await fetch(`${provider.url}/v1/models`, { headers: { authorization: 'Bearer x' } });
    expect(await response.json()).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([expect.objectContaining({ id: 'gpt-4o', object: 'model' })]),
    });
  });

  it('takes new default knobs while it runs, which a directive overrides', async () => {
    await set({ fault: 'status_503', tokens: 9 });
    const statuses = [(await chat({})).status, (await chat({}, 'Hi [[sandbox fault=none]]')).status];
    expect((await set({ fault: 'sulk' })).status).toBe(400);
    await set({});
    expect([...statuses, (await chat({})).status]).toEqual([503, 200, 200]);
  });
});
