// What is true of every chat format: the knobs work in all of them, and both shapes of an answer tell the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FORMATS,
  SPEAKERS,
  type Told,
  type SpeakerCall,
  ask,
  dataOf,
  received,
  toldBy,
} from '../../test/support/sandbox/speakers.js';
import { readUsageLog } from '../../test/support/sandbox/usage-log.js';
import { type SandboxProvider, startSandboxProvider } from './index.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'sandbox-formats-'));
const LOG = join(FOLDER, 'usage.jsonl');
const WHOLE = 'Sandbox answer: you said “Hi”. No model was asked.';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider({ usageLogFile: LOG });
});
afterAll(async () => {
  await provider.close();
  rmSync(FOLDER, { recursive: true });
});

const linesOf = (requestId: string) => readUsageLog<object>(LOG).filter((line) => line.requestId === requestId);

describe.each(FORMATS)('a chat in the format of %s', (format) => {
  const speaker = SPEAKERS[format];
  const streamed = async (wish: SpeakerCall, signal?: AbortSignal) => {
    const { text, isCut } = await received(
      await ask(provider.url, format, { ...wish, stream: true }, { signal: signal ?? null }),
    );
    const data = dataOf(text);
    return { text, isCut, data, told: toldBy(format, data), isWhole: data.length > 0 && isEnd(data.at(-1) ?? '') };
  };
  const isEnd = (data: string): boolean => {
    try {
      return speaker.isEnd(data);
    } catch {
      return false;
    }
  };
  const plain = async (wish: SpeakerCall): Promise<Told> =>
    speaker.read([JSON.parse(await (await ask(provider.url, format, wish)).text())]);
  const playing = (knobs: string): SpeakerCall => ({ prompt: `Hi [[sandbox ${knobs}]]` });

  it.each<[string, SpeakerCall]>([
    ['a text', { prompt: 'Hi 🐙' }],
    ['a text in few chunks', playing('chunks=3')],
    ['a text cut short', { prompt: 'Hi', maxTokens: 16 }],
    ['a text that ends before a stop string', { prompt: 'Hi', stop: ' No' }],
    ['a tool call', { prompt: 'Hi', tool: 'weather' }],
    ['thoughts and a text', { prompt: 'Hi', thinking: true }],
    ['thoughts and a tool call', { prompt: 'Hi', thinking: true, tool: 'weather' }],
    ['cached and thought tokens', playing('cached=3 reasoning=7')],
    ['more tokens than there are', playing('tokens=500')],
    ['no usage', playing('fault=no_usage')],
    ['negative usage', playing('fault=usage_negative')],
    ['absurd usage', playing('fault=usage_absurd')],
    ['usage that does not add up', playing('fault=usage_inconsistent')],
    ['fractions of tokens', playing('fault=usage_float')],
  ])('tells %s alike, whole and streamed', async (_, wish) => {
    const [whole, { told, isWhole }] = [await plain(wish), await streamed(wish)];
    expect(told).toEqual(whole);
    expect(isWhole).toBe(true);
    expect(whole.text === '' && whole.calls.length === 0).toBe(false);
  });

  it('makes the calls it was asked for, one after another, and then answers', async () => {
    const [first, second] = [{ city: 'a,b' }, { city: '[[Ürümqi]]' }];
    const call = [first, second].map((args) => `weather:${encodeURIComponent(JSON.stringify(args))}`);
    const wish = { ...playing(`call=${call.join(',')}`), tool: 'weather' };
    const told = await Promise.all([[], ['rain'], ['rain', 'sun']].map(async (results) => plain({ ...wish, results })));
    expect(told.map(({ calls, text }) => (text === '' ? calls : text))).toEqual([
      [{ name: 'weather', args: first }],
      [{ name: 'weather', args: second }],
      'Sandbox answer: the tool returned “sun”.',
    ]);
  });

  it('says what it was asked to say', async () =>
    expect((await plain(playing(`say=${encodeURIComponent('one, [two]\n“three”')}`))).text).toBe(
      'one, [two]\n“three”',
    ));

  it('says which tools there are when it is asked to call another', async () =>
    expect((await plain({ ...playing('call=read:%7B%7D'), tool: 'weather' })).text).toContain('weather'));

  it.each([false, true])('is logged with the usage as it was told (streamed: %s)', async (stream) => {
    const requestId = `${format} ${stream}`;
    const wish = { prompt: 'Hi [[sandbox cached=3 reasoning=4]]', stream };
    const { text } = await received(await ask(provider.url, format, wish, { requestId }));
    const told = toldBy(format, stream ? dataOf(text) : [text]);
    expect(linesOf(requestId)).toMatchObject([{ usage: told.usage, stream }]);
    expect(told.usage).toBeDefined();
  });

  it.each([400, 401, 404, 408, 429, 500, 503])('fails with the status %i in its own shape', async (status) => {
    const response = await ask(provider.url, format, playing(`fault=status_${status}`));
    expect(response.status).toBe(status);
    expect(speaker.errorType(await response.json())).toEqual(expect.any(String));
  });

  it('needs its credentials', async () => {
    const response = await fetch(provider.url + speaker.path({ prompt: '' }), { method: 'POST', body: '{}' });
    expect([401, 403]).toContain(response.status);
    expect(speaker.errorType(await response.json())).toEqual(expect.any(String));
  });

  it('knows no other addresses, and says so in its own shape', async () => {
    const url = `${provider.url}${speaker.path({ prompt: '' }).replace(/(chat|messages|models|responses).*/, 'nothing')}`;
    const response = await fetch(url, { method: 'POST', headers: speaker.headers, body: '{}' });
    expect([response.status, speaker.errorType(await response.json())]).toEqual([404, expect.any(String)]);
  });

  it('dies without a byte', () =>
    expect(ask(provider.url, format, playing('fault=die'))).rejects.toThrow('fetch failed'));

  it('hangs without a byte', () =>
    expect(
      ask(provider.url, format, playing('fault=hang'), { signal: AbortSignal.timeout(150) }),
    ).rejects.toMatchObject({
      name: 'TimeoutError',
    }));

  it('says in mid-stream that it failed, in its own shape', async () => {
    const { data, isCut, isWhole } = await streamed(playing('fault=error_midstream'));
    expect(speaker.errorType(JSON.parse(data.at(-1) ?? ''))).toEqual(expect.any(String));
    expect([isCut, isWhole]).toEqual([false, false]);
  });

  it('breaks off in mid-stream', async () => {
    const { told, isCut, isWhole } = await streamed(playing('fault=die_midstream'));
    expect([isCut, isWhole]).toEqual([true, false]);
    expect(told.text.length).toBeGreaterThan(5);
    expect(WHOLE.startsWith(told.text)).toBe(true);
  });

  it('stops in mid-stream and stays open', async () => {
    const { told, isCut } = await streamed(playing('fault=hang_midstream'), AbortSignal.timeout(1_500));
    expect([isCut, WHOLE.startsWith(told.text)]).toEqual([true, true]);
  });

  it('ends without its end', async () => {
    const { told, isCut, isWhole } = await streamed(playing('fault=no_done'));
    expect([told.text, isCut, isWhole]).toEqual([WHOLE, false, false]);
  });

  it('ends in the middle of its last line end', async () => {
    const { text, told, isCut } = await streamed(playing('fault=no_last_line'));
    expect(WHOLE.startsWith(told.text)).toBe(true);
    expect([isCut, text.endsWith('\n')]).toEqual([false, false]);
    const last = text.slice(text.lastIndexOf('data: ') + 'data: '.length);
    expect(last === '[DONE]' || isJson(last)).toBe(true);
  });

  it('is the same with keep-alives, CRLF, split frames and one broken frame', async () => {
    const { text, data, told, isWhole } = await streamed(
      playing('chunk_delay=1 fault=keepalive_comments,crlf,split_frames,broken_frame'),
    );
    expect([told.text, isWhole]).toEqual([WHOLE, true]);
    expect(text).toContain(': keep-alive\r\n\r\n');
    expect(text).not.toMatch(/[^\r]\n/);
    expect(data.filter((json) => json !== '[DONE]' && !isJson(json))).toHaveLength(1);
  });

  it('breaks off a body in the middle', async () => {
    const text = await (await ask(provider.url, format, { ...playing('fault=half_json'), stream: true })).text();
    expect(text.startsWith('{')).toBe(true);
    expect(isJson(text)).toBe(false);
  });

  it('refuses a directive it does not know', async () => {
    const response = await ask(provider.url, format, playing('fault=sulk'));
    expect([response.status, JSON.stringify(await response.json())]).toEqual([400, expect.stringContaining('sulk')]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
