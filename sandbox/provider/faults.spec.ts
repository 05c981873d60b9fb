import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from './index.js';
import type { Fault } from './knobs.js';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const ask = (fault: string, fields: object = {}, signal: AbortSignal | null = null) =>
  fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
    body: JSON.stringify({
      model: 'gpt-4o',
      max_tokens: 5,
      messages: [{ role: 'user', content: `Hi [[sandbox fault=${fault}]]` }],
      ...fields,
    }),
    signal,
  });
const usageOf = async (fault: Fault) => JSON.parse(await (await ask(fault)).text()).usage;

describe('the sandbox fault', () => {
  it.each([400, 401, 404, 408, 413, 422, 429, 500, 503, 529])(
    'status_%i answers so, in OpenAI’s error shape',
    async (status) => {
      const response = await ask(`status_${status}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
      expect(await response.json()).toEqual({
        error: {
          message: expect.any(String),
          type: expect.any(String),
          param: expect.toBeOneOf([null, 'model']),
          code: expect.toBeOneOf([null, expect.any(String)]),
        },
      });
    },
  );

  it.each([true, false])('error_first tells of an overload within a 200 (streamed: %s)', async (stream) => {
    const response = await ask('error_first', { stream });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('{"error":{"message":"Overloaded"');
  });

  it('html_502 answers with a page', async () => {
    const response = await ask('html_502');
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toContain('<h1>502 Bad Gateway</h1>');
  });

  it('hang never answers', () =>
    expect(ask('hang', {}, AbortSignal.timeout(150))).rejects.toMatchObject({ name: 'TimeoutError' }));

  it('die closes the connection without a byte', () => expect(ask('die')).rejects.toThrow('fetch failed'));

  it('half_json ends cleanly in the middle', async () => {
    const text = await (await ask('half_json', { stream: true })).text();
    expect(text).toMatch(/^\{"id":"chatcmpl-/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('half_json_length promises more bytes than it sends', async () => {
    const response = await ask('half_json_length');
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(300);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('die_midstream cuts a body too', async () => {
    const response = await ask('die_midstream');
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('hang_midstream stops in a body too', async () => {
    const response = await ask('hang_midstream', {}, AbortSignal.timeout(1_500));
    await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each(['ignore_stream', 'slow_body', 'split_frames'])('%s answers a whole JSON body', async (fault) => {
    const response = await ask(`${fault},ignore_stream`, { stream: true });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ object: 'chat.completion', usage: { completion_tokens: 5 } });
  });

  it('slow_body drips', async () => {
    const start = performance.now();
    await (await ask('slow_body')).text();
    expect(performance.now() - start).toBeGreaterThan(300);
  });

  it('no_usage leaves usage out', async () => expect(await usageOf('no_usage')).toBeUndefined());

  it('usage_in_choice puts it into the first choice', async () => {
    const body = JSON.parse(await (await ask('usage_in_choice')).text());
    expect([body.usage, body.choices[0].usage.completion_tokens]).toEqual([undefined, 5]);
  });

  it('usage_negative reports fewer than no tokens', async () =>
    expect((await usageOf('usage_negative')).completion_tokens).toBeLessThan(0));

  it('usage_float reports parts of tokens', async () =>
    expect((await usageOf('usage_float')).completion_tokens).toBe(5.5));

  it('usage_absurd reports a million million tokens', async () =>
    expect((await usageOf('usage_absurd')).completion_tokens).toBe(1e12));

  it('usage_inconsistent reports another total', async () => {
    const {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: total,
    } = await usageOf('usage_inconsistent');
    expect(total).not.toBe(prompt + completion);
  });

  it('usage_beyond reports more than any model puts out', async () => {
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = await usageOf('usage_beyond');
    expect(completion).toBeGreaterThan(99_000_000);
    expect(total).toBe(prompt + completion);
  });

  it('usage_over reports more than the request allowed', async () => {
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = await usageOf('usage_over');
    expect(completion).toBeGreaterThan(1_005);
    expect(total).toBe(prompt + completion);
  });
});
