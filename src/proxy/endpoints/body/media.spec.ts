// Against a reference that knows what each part comes to at worst: whatever stands beside it and however it is nested, no less is held for.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mp3File, waveFile } from '../../../../test/support/proxy/wire/audio.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { findModel, type Model } from '../../../pricing/index.js';
import { promptBound, readChatRequest } from '../chat/chat-request.js';

const KIMI = findModel('kimi-k3') as Model;
const WINDOW = KIMI.contextWindow;

interface Known {
  readonly part: JsonValue;
  /** Prompt tokens at most, by the makers' documents. */
  readonly worst: number;
}

const whole = (part: JsonValue): Known => ({ part, worst: WINDOW });
const base64 = (file: Buffer): string => file.toString('base64');
const mp4 = 'https://a.b/c.mp4';
const PDF = base64(Buffer.from('%PDF-1.7 << /Type /Page >> << /Type /Page >>'));

const image: readonly Known[] = [
  { part: { type: 'image_url', image_url: { url: 'https://a.b/c.png', detail: 'high' } }, worst: KIMI.imageTokens },
  { part: { type: 'image_url', image_url: 'https://a.b/c' }, worst: KIMI.imageTokens },
  { part: { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }, worst: KIMI.imageTokens },
];
const audio: readonly Known[] = [
  { part: { type: 'input_audio', input_audio: { data: base64(mp3File(60_000)), format: 'mp3' } }, worst: 60 * 32 },
  {
    part: { type: 'input_audio', input_audio: { data: base64(waveFile({ sampleRate: 50, seconds: 300 })) } },
    worst: 300 * 32,
  },
];
const files: readonly Known[] = [
  { part: { type: 'file', file: { file_data: `data:application/pdf;base64,${PDF}` } }, worst: 2 * 3_000 },
];
const UNBOUNDED: readonly JsonValue[] = [
  { type: 'video_url', video_url: { url: mp4 } },
  { type: 'video_url', video_url: { url: mp4 }, image_url: { url: 'https://a.b/c.png' } },
  { type: 'image_url', image_url: { url: 'https://a.b/c.png' }, video_url: { url: mp4 } },
  { type: 'video', video: ['https://a.b/1.png', 'https://a.b/2.png'], fps: 2 },
  { type: 'input_video', input_video: { data: 'AAAA' } },
  { type: 'image_url', image_url: { url: mp4 } },
  { type: 'image_url', image_url: { url: 'https://a.b/c.png', URL: mp4 } },
  { type: 'image_url', image_url: { url: 'https://www.youtube.com/watch?v=a' } },
  { type: 'image_url', image_url: { url: 'data:video/mp4;base64,AAAA' } },
  { type: 'image_url', image_url: { url: 'ms://file-1' } },
  { type: 'image_url', image_url: {} },
  { type: 'image', source: { type: 'url', url: mp4 } },
  { type: 'input_image', image_url: 'https://a.b/c.png' },
  { type: 'input_audio', input_audio: { data: 'https://a.b/c.wav', format: 'wav' } },
  { type: 'input_audio', input_audio: { data: base64(Buffer.from('fLaC....')), format: 'mp3' } },
  { type: 'audio_url', audio_url: { url: 'https://a.b/c.mp3' } },
  { type: 'file', file: { file_id: 'file-1' } },
  { type: 'file', file: { file_data: 'https://a.b/c.pdf' } },
  { type: 'file', file: { file_data: `data:application/zip;base64,${base64(Buffer.from('PK...'))}` } },
  { type: 'document_url', document_url: 'https://a.b/c.pdf' },
  { type: 'tool_result', content: [{ type: 'video_url', video_url: { url: mp4 } }] },
  { type: 'text', text: { value: 'a' } },
  { type: 'text', text: 'a', video: mp4 },
  { type: 'text', text: 'fileid://file-fe-1' },
  { text: 'a' },
  [{ type: 'video_url', video_url: { url: mp4 } }],
];

const text: fc.Arbitrary<Known> = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((words) => ({ part: { type: 'text', text: words }, worst: Buffer.byteLength(words) }));
const known = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom(...image, ...audio, ...files) },
  { weight: 1, arbitrary: fc.constantFrom(...UNBOUNDED.map(whole)) },
);
const message = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant', 'tool'),
  parts: fc.array(known, { maxLength: 6 }),
});

const boundOf = (messages: readonly JsonValue[], more: JsonObject = {}): number =>
  promptBound(readChatRequest(Buffer.from(JSON.stringify({ model: KIMI.id, messages, ...more }))), KIMI);

describe('the bound of a prompt', () => {
  it('is never lower than what its parts can come to, whatever and wherever they are', () => {
    const property = fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
      const sent = messages.map(({ role, parts }) => ({ role, content: parts.map(({ part }) => part) }));
      const worst = messages.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.worst, 0);
      expect(boundOf(sent)).toBeGreaterThanOrEqual(Math.min(WINDOW, worst));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is never lower than the window for anything of which no rule is known', () => {
    const part = fc.dictionary(fc.constantFrom('type', 'video', 'data', 'x', 'content'), fc.jsonValue());
    const property = fc.property(part, (unknown) => {
      fc.pre(!['text', 'refusal', 'image_url', 'input_audio', 'file'].includes(String(unknown['type'])));
      expect(boundOf([{ role: 'user', content: [unknown as JsonObject] }])).toBe(WINDOW);
    });
    fc.assert(property);
  });

  it.each(UNBOUNDED)('is the whole window for %j', (part) =>
    expect(boundOf([{ role: 'user', content: [part] }])).toBe(WINDOW),
  );

  it.each<[string, JsonObject, JsonObject]>([
    ['a message that stands for a prompt kept elsewhere', { role: 'cache', content: 'cache_id=c' }, {}],
    ['audio that was answered before', { role: 'assistant', content: null, audio: { id: 'a' } }, {}],
    ['images beside the content', { role: 'user', content: 'a', images: ['AAAA'] }, {}],
    ['a content in another case', { role: 'user', content: 'a', Content: [{ type: 'video_url' }] }, {}],
    ['a content of no known kind', { role: 'user', content: { video: mp4 } }, {}],
    ['files beside the messages', { role: 'user', content: 'a' }, { file_ids: ['f'] }],
    ['a video beside the messages', { role: 'user', content: 'a' }, { videoUrl: mp4 }],
  ])('is the whole window for %s', (_kind, one, more) => expect(boundOf([one], more)).toBe(WINDOW));

  it('stays small where only text, images, short audio and short files are sent', () => {
    const content = [...image, ...audio, ...files].map(({ part }) => part);
    const more = { audio: { voice: 'a' }, vl_high_resolution_images: true, user_profile: 'p', documents: ['d'] };
    expect(boundOf([{ role: 'user', name: 'n', content }], more)).toBeLessThan(WINDOW / 4);
  });
});
