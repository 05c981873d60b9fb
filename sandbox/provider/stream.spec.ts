import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from './index.js';

const OCTOPUS = 'Give me one fact about octopuses.';
const FACT = 'Octopuses have three hearts, and one of them stops beating while they swim.';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

interface Delta {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
}

interface Chunk {
  readonly id: string;
  readonly choices: readonly { readonly index: number; readonly delta: Delta; readonly finish_reason: string | null }[];
  readonly usage?: { readonly completion_tokens: number } | null;
}

interface Received {
  readonly text: string;
  /** The `data:` frames before `[DONE]` that are JSON. */
  readonly chunks: readonly Chunk[];
  /** How many are not. */
  readonly broken: number;
  readonly done: boolean;
  readonly cut: boolean;
  readonly reads: number;
}

async function stream(fields: object, content: string = OCTOPUS, signal?: AbortSignal): Promise<Received> {
  const body = JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }], ...fields });
  const response = await fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
    body,
    ...(signal ? { signal } : {}),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const decoder = new TextDecoder();
  let text = '';
  let reads = 0;
  let cut = false;
  try {
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      reads++;
    }
  } catch {
    cut = true;
  }
  const data = text.split(/\r?\n\r?\n/).filter((frame) => frame.startsWith('data: '));
  const done = data.at(-1) === 'data: [DONE]';
  const frames = (done ? data.slice(0, -1) : data).map(parsed);
  const chunks = frames.filter((frame) => frame !== undefined);
  return { text, chunks, broken: frames.length - chunks.length, done, cut, reads };
}

function parsed(frame: string): Chunk | undefined {
  try {
    return JSON.parse(frame.slice('data: '.length));
  } catch {
    return undefined;
  }
}

const contentOf = ({ chunks }: Received): string =>
  chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join('');
const usages = ({ chunks }: Received): Chunk['usage'][] => chunks.map((chunk) => chunk.usage);
const asking = (knobs: string) => stream({ stream_options: { include_usage: true } }, `Hi [[sandbox ${knobs}]]`);

describe('a sandbox stream', () => {
  it('is the role, the content, the finish and [DONE]', async () => {
    const received = await stream({});
    expect(received.chunks[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'gpt-4o',
      service_tier: 'default',
      system_fingerprint: expect.any(String),
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
    });
    expect(contentOf(received)).toBe(FACT);
    expect(received.chunks).toHaveLength(24);
    expect(received.chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
    expect(new Set(received.chunks.map(({ id }) => id)).size).toBe(1);
    expect(received.done).toBe(true);
  });

  it('ends with a usage chunk when asked to, null until then', async () => {
    const received = await stream({ stream_options: { include_usage: true } });
    expect(received.chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 14, completion_tokens: 22 } });
    expect(new Set(usages(received).slice(0, -1))).toEqual(new Set([null]));
  });

  it('has no usage when not asked to', async () =>
    expect(new Set(usages(await stream({})))).toEqual(new Set([undefined])));

  it.each([4, 64])('has %i content chunks when told to', async (chunks) => {
    const received = await asking(`chunks=${chunks}`);
    expect(received.chunks.filter((chunk) => chunk.choices[0]?.delta.content)).toHaveLength(chunks);
  });

  it('waits between chunks when told to', async () => {
    const start = performance.now();
    const { reads } = await asking('delay=30 chunks=3 chunk_delay=10');
    expect(performance.now() - start).toBeGreaterThan(80);
    expect(reads).toBeGreaterThan(3);
  });

  it('carries n choices side by side', async () => {
    const { chunks } = await stream({ n: 2, max_tokens: 1 });
    expect(chunks.map(({ choices }) => choices[0]?.index)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
  });

  it('carries a tool call as deltas of its arguments', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const { chunks } = await stream({ tools: [{ type: 'function', function: { name: 'weather', parameters } }] });
    const calls = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({
      index: 0,
      id: expect.any(String),
      type: 'function',
      function: { name: 'weather' },
    });
    expect(calls.map((call) => call.function.arguments).join('')).toBe('{"city":"Paris"}');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });
});

describe('a sandbox stream with the fault', () => {
  const whole = 'Sandbox answer: you said “Hi”. No model was asked.';

  it('no_done ends without [DONE]', async () => {
    const received = await asking('fault=no_done');
    expect([contentOf(received), received.done, received.cut]).toEqual([whole, false, false]);
    expect(usages(received).at(-1)).toMatchObject({ prompt_tokens: expect.any(Number) });
  });

  it('error_midstream ends with an error frame', async () => {
    const received = await asking('fault=error_midstream');
    expect(received.chunks.at(-1)).toMatchObject({ error: { type: 'server_error' } });
    expect([received.done, received.cut]).toEqual([false, false]);
  });

  it('finish_error ends with that as its reason, and tells no usage', async () => {
    const received = await asking('fault=finish_error');
    expect(received.chunks.at(-1)?.choices).toMatchObject([{ finish_reason: 'network_error' }]);
    expect(usages(received).filter(Boolean)).toEqual([]);
  });

  it('die_midstream loses the connection', async () => {
    const received = await asking('fault=die_midstream');
    expect([received.done, received.cut]).toEqual([false, true]);
    expect(whole).toContain(contentOf(received));
  });

  it('hang_midstream stops and stays open', async () => {
    const body = { stream_options: { include_usage: true } };
    const received = await stream(body, 'Hi [[sandbox fault=hang_midstream]]', AbortSignal.timeout(1_500));
    expect([received.done, received.cut]).toEqual([false, true]);
    expect(contentOf(received).length).toBeGreaterThan(5);
  });

  it('broken_frame has one frame that is not JSON', async () => {
    const received = await asking('fault=broken_frame');
    expect(received.broken).toBe(1);
    expect([contentOf(received), received.done]).toEqual([whole, true]);
  });

  it('keepalive_comments has comments between frames', async () => {
    const received = await asking('fault=keepalive_comments');
    expect(received.text.match(/^: keep-alive$/gm)?.length).toBe(received.chunks.length + 1);
    expect([contentOf(received), received.done]).toEqual([whole, true]);
  });

  it('crlf ends every line in CRLF', async () => {
    const received = await asking('fault=crlf');
    expect(received.text).not.toMatch(/[^\r]\n/);
    expect([contentOf(received), received.done]).toEqual([whole, true]);
  });

  it('split_frames carries the same text in more writes', async () => {
    const received = await asking('chunk_delay=1 fault=split_frames');
    expect([contentOf(received), received.done]).toEqual([whole, true]);
    expect(received.reads).toBeGreaterThan(received.chunks.length * 2);
  });

  it('no_usage reports none', async () => {
    const received = await asking('fault=no_usage');
    expect(usages(received).every((usage) => usage === null)).toBe(true);
    expect(received.done).toBe(true);
  });

  it('usage_every_chunk counts up to the total', async () => {
    const counts = usages(await stream({}, 'Hi [[sandbox fault=usage_every_chunk]]')).map(
      (usage) => usage?.completion_tokens ?? -1,
    );
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect([counts[0], counts.at(-1)]).toEqual([0, 18]);
  });

  it('usage_in_choice reports it in the last choice only', async () => {
    const received = await asking('fault=usage_in_choice');
    expect(received.chunks.at(-1)?.choices[0]).toMatchObject({
      finish_reason: 'stop',
      usage: { completion_tokens: 18 },
    });
    expect(received.chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
  });
});
