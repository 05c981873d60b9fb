import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../../test/support/sandbox/speakers.js';
import { type SandboxProvider, startSandboxProvider } from '../index.js';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const post = (fields: object): Promise<Response> =>
  fetch(`${provider.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
    body: JSON.stringify({ model: 'gpt-5.5', input: 'Hi', ...fields }),
  });
const answer = async (fields: object) => JSON.parse(await (await post(fields)).text());
const said = (text: string) => ({ role: 'user', content: text });

describe('a sandbox response', () => {
  it('has the shape OpenAI documents', async () => {
    expect(await answer({ store: false })).toMatchObject({
      id: expect.stringMatching(/^resp_\w+$/),
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      model: 'gpt-5.5',
      output: [
        {
          id: expect.stringMatching(/^msg_/),
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [
            { type: 'output_text', annotations: [], text: 'Sandbox answer: you said “Hi”. No model was asked.' },
          ],
        },
      ],
      store: false,
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 18,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 23,
      },
    });
  });

  it('streams its events in OpenAI’s order', async () => {
    const reasoning = { effort: 'low', summary: 'auto' };
    const text = await (await post({ input: 'Hi [[sandbox chunks=1]]', stream: true, reasoning })).text();
    const events = dataOf(text).map((data) => JSON.parse(data));
    expect(text.match(/^event: .*/gm)).toEqual(events.map(({ type }) => `event: ${type}`));
    expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
  });

  const asked = (call: string, tool: object) =>
    answer({ input: [said(`[[sandbox call=${call}]]`)], tools: [{ type: 'function', name: 'other' }, tool] });
  it.each([
    [
      'exec:text',
      { type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' } },
      { type: 'custom_tool_call', name: 'exec', input: 'text' },
    ],
    [
      'crm.find:%7B%22id%22%3A1%7D',
      { type: 'namespace', name: 'crm', description: '', tools: [{ type: 'function', name: 'find' }] },
      { type: 'function_call', namespace: 'crm', name: 'find', arguments: '{"id":1}' },
    ],
    [
      'local_shell:%7B%22type%22%3A%22exec%22%7D',
      { type: 'local_shell' },
      { type: 'local_shell_call', action: { type: 'exec' } },
    ],
    [
      'tool_search:%7B%22query%22%3A%22a%22%7D',
      { type: 'tool_search', execution: 'client' },
      { type: 'tool_search_call', execution: 'client', arguments: { query: 'a' } },
    ],
  ])('calls %s of %j', async (call, tool, item) => expect((await asked(call, tool)).output).toMatchObject([item]));

  it('calls tools that its input brings, and goes on with their output', async () => {
    const tools = [{ type: 'custom', name: 'exec' }];
    const input = [{ type: 'additional_tools', role: 'developer', tools }, said('[[sandbox call=exec:ls]]')];
    const [call] = (await answer({ input })).output;
    expect(call).toMatchObject({ type: 'custom_tool_call', input: 'ls' });
    const output = { type: 'custom_tool_call_output', call_id: call.call_id, output: 'a.txt' };
    expect((await answer({ input: [...input, call, output] })).output).toMatchObject([
      { type: 'message', content: [{ text: 'Sandbox answer: the tool returned “a.txt”.' }] },
    ]);
  });

  it('gives its thoughts encrypted where they are asked for, and takes them back', async () => {
    const fields = { reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content'] };
    const { output } = await answer(fields);
    expect(output[0]).toMatchObject({ type: 'reasoning', encrypted_content: expect.any(String) });
    expect((await post({ ...fields, input: [said('Hi'), ...output, said('Go on')] })).status).toBe(200);
  });
});

describe('a bad request to sandbox responses', () => {
  const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' };
  const thought = { type: 'reasoning', id: 'rs_1', summary: [] };

  it.each([
    [{ input: undefined }, 400, 'input', 'missing_required_parameter'],
    [{ input: [{ type: 'robot' }] }, 400, 'input[0].type', 'invalid_value'],
    [{ input: [{ role: 'robot', content: 'x' }] }, 400, 'input[0].role', 'invalid_value'],
    [
      { input: [{ role: 'user', content: [{ type: 'output_text', text: 'x' }] }] },
      400,
      'input[0].content[0]',
      'invalid_value',
    ],
    [
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      400,
      'input[0].content[0]',
      'invalid_value',
    ],
    [{ input: [said('Hi'), call] }, 400, 'input', null],
    [{ input: [said('Hi'), output] }, 400, 'input', null],
    [{ input: [thought, said('Hi')] }, 404, 'input', null],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 404, 'input', null],
    [{ input: [{ ...thought, encrypted_content: 'W10=' }, said('Hi')] }, 400, null, 'invalid_encrypted_content'],
    [{ tools: [{ type: 'robot' }] }, 400, 'tools[0].type', 'invalid_value'],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 400, 'tools[0].name', 'missing_required_parameter'],
    [{ tools: [{ type: 'function', name: 'a.b' }] }, 400, 'tools[0].name', 'invalid_value'],
    [
      { tools: [{ type: 'custom', name: 'f', format: { type: 'grammar', syntax: 'ebnf' } }] },
      400,
      'tools[0].format.syntax',
      'invalid_value',
    ],
    [{ tool_choice: { type: 'function', name: 'f' } }, 400, 'tool_choice', null],
    [{ max_tokens: 15 }, 400, 'max_tokens', 'unsupported_parameter'],
    [{ stop: 'x' }, 400, 'stop', 'unknown_parameter'],
    [{ max_output_tokens: 15 }, 400, 'max_output_tokens', 'integer_below_min_value'],
    [{ include: ['everything'] }, 400, 'include[0]', 'invalid_value'],
    [{ model: 'gpt-4o', include: ['reasoning.encrypted_content'] }, 400, 'include', null],
    [{ model: 'gpt-4o', reasoning: { effort: 'low' } }, 400, 'reasoning.effort', 'unsupported_parameter'],
  ])('%j is refused as OpenAI refuses it', async (fields, status, param, code) => {
    const response = await post(fields);
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: { message: expect.any(String), type: 'invalid_request_error', param, code } },
    ]);
  });
});
