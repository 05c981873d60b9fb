import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { ResponsesMeter } from './responses-meter.js';

const USAGE = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 3 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 16,
};
const frame = (type: string, fields: JsonObject = {}): Buffer =>
  Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...fields })}\n\n`);
const response = (fields: JsonObject): JsonObject => ({
  response: { id: 'resp_1', error: null, usage: null, ...fields },
});
const CREATED = frame('response.created', response({ status: 'in_progress' }));
const text = (delta: string): Buffer => frame('response.output_text.delta', { delta });
const COMPLETED = frame('response.completed', response({ status: 'completed', usage: USAGE }));
const INCOMPLETE = frame('response.incomplete', response({ status: 'incomplete', usage: USAGE }));
const ERROR = frame('error', { error: { type: 'x', code: 'context_length_exceeded', message: 'Too long.' } });
const FAILED = frame(
  'response.failed',
  response({ error: { code: 'context_length_exceeded', message: 'Too long.' }, usage: USAGE }),
);

function listen(groups: readonly (readonly Buffer[])[]): { meter: ResponsesMeter; passed: string } {
  const meter = new ResponsesMeter();
  const passed = groups.map((group) => meter.listen(Buffer.concat(group)));
  return { meter, passed: Buffer.concat(passed).toString() };
}

const together = (...frames: readonly Buffer[]): string => Buffer.concat(frames).toString();
const OURS = {
  error: { message: 'The provider failed.', type: 'upstream_error', code: 'upstream_error', param: null },
};

describe('a meter of the events of a response', () => {
  it.each([
    ['completed', COMPLETED],
    ['incomplete', INCOMPLETE],
  ])('tells the usage of one that is %s, and keeps its end back', (_, end) => {
    const { meter, passed } = listen([
      [CREATED, text('a')],
      [end, text('b')],
    ]);
    expect(passed).toBe(together(CREATED, text('a')));
    expect(meter).toMatchObject({ usage: USAGE, done: true, error: undefined });
    expect(meter.end()).toEqual(end);
    expect(meter.listen(text('c'))).toHaveLength(0);
  });

  it.each([{ type: { toString: 1 } }, { type: 'response.output_item.done', item: { type: { toString: 1 } } }])(
    'passes an event that is none it knows: %j',
    (event) => {
      const odd = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
      expect(listen([[CREATED, odd]]).passed).toBe(together(CREATED, odd));
    },
  );

  it('tells the usage of one that failed, in either order of chunks, and passes the provider’s own words on', () => {
    const { meter, passed } = listen([
      [CREATED, text('a')],
      [ERROR, FAILED],
    ]);
    expect(passed).toBe(together(CREATED, text('a')));
    expect(meter).toMatchObject({
      usage: USAGE,
      done: false,
      error: { message: 'Too long.', code: 'context_length_exceeded' },
    });
    expect(meter.fail(OURS).toString()).toBe(together(ERROR, FAILED));
  });

  it('reads an error as the reference has it, too', () => {
    const { meter } = listen([[CREATED, frame('error', { code: 'server_error', message: 'Sorry.', param: null })]]);
    expect(meter).toMatchObject({ error: { message: 'Sorry.', status: 500 }, usage: undefined });
  });

  it.each(['insufficient_quota', 'billing_hard_limit_reached'])(
    'does not tell a client what is wrong with our account: %s',
    (code) => {
      const failed = frame('response.failed', response({ error: { code, message: 'Pay sk-123.' } }));
      const told = listen([[CREATED, failed]])
        .meter.fail(OURS)
        .toString();
      expect(told).not.toContain('sk-123');
      expect(told).toContain('The provider failed.');
    },
  );

  it('breaks off what has begun with the two events that clients know', () => {
    const { meter } = listen([[CREATED, text('a')]]);
    const [error, failed] = meter
      .fail(OURS)
      .toString()
      .split('\n\n')
      .slice(0, 2)
      .map((event) => JSON.parse(event.split('\ndata: ')[1] ?? ''));
    expect(error).toMatchObject({ type: 'error', sequence_number: 2, message: 'The provider failed.' });
    expect(failed).toMatchObject({
      type: 'response.failed',
      sequence_number: 3,
      response: { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'The provider failed.' } },
    });
    expect(meter.endsWhole()).toBe(false);
  });

  it('counts what has come: text, thoughts, arguments, names and items that come whole', () => {
    const { meter } = listen([
      [
        CREATED,
        text('12345'),
        frame('response.reasoning_summary_text.delta', { delta: '12' }),
        frame('response.output_item.added', { item: { type: 'custom_tool_call', name: 'exec', input: '' } }),
        frame('response.custom_tool_call_input.delta', { delta: '123' }),
        frame('response.output_item.done', { item: { type: 'custom_tool_call', name: 'exec', input: '123' } }),
        frame('response.output_item.done', { item: { type: 'local_shell_call' } }),
      ],
    ]);
    const item = JSON.stringify({ type: 'local_shell_call' });
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 5, bytes: 5 + 2 + 4 + 3 + item.length });
    meter.listen(COMPLETED);
    expect(meter.delivery.uncounted).toMatchObject({ pieces: 0, bytes: 0 });
  });

  it('is not taken in by texts that look like events, and passes what it can’t read', () => {
    const odd = [
      text('"type":"response.completed"'),
      Buffer.from(': "response.completed"\n\n'),
      Buffer.from('data: {"type":"response.completed"\n\n'),
      Buffer.from('data: ["error"]\n\n'),
      frame('response.not_known_yet', { of: 'response.completed' }),
    ];
    const { meter, passed } = listen([odd]);
    expect(passed).toBe(together(...odd));
    expect(meter).toMatchObject({ usage: undefined, error: undefined, done: false });
  });

  it('passes the same however the frames are grouped', () => {
    const one = fc.oneof(
      fc.string({ unit: 'grapheme' }).map(text),
      fc.constantFrom(CREATED, COMPLETED, INCOMPLETE, ERROR, Buffer.from(': keep-alive\n\n')),
    );
    const law = fc.property(fc.array(fc.array(one)), (groups) => {
      const [apart, grouped] = [listen(groups.flat().map((single) => [single])), listen(groups)];
      expect(grouped.passed).toBe(apart.passed);
      expect(grouped.meter.error).toEqual(apart.meter.error);
    });
    fc.assert(law);
  });
});
