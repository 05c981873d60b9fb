import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mp3File, waveFile } from '../../../test/support/proxy/wire/audio.js';
import { audioTokensAtMost, secondsAtMost } from './audio-length.js';

describe('the length of audio', () => {
  it('of WAV is what its rate says, however low', () => {
    const rate = fc.record({
      sampleRate: fc.integer({ min: 1, max: 192_000 }),
      channels: fc.integer({ min: 1, max: 8 }),
      bytesPerSample: fc.integer({ min: 1, max: 4 }),
      seconds: fc.integer({ min: 0, max: 5 }),
    });
    const property = fc.property(rate, ({ seconds, ...format }) => {
      fc.pre(format.sampleRate * format.channels * format.bytesPerSample * seconds < 2_000_000);
      expect(secondsAtMost(waveFile({ ...format, seconds }))).toBeGreaterThanOrEqual(seconds);
    });
    fc.assert(property, { numRuns: 50 });
    expect(secondsAtMost(waveFile({ sampleRate: 16_000, seconds: 10 }))).toBeCloseTo(10, 2);
    expect(secondsAtMost(waveFile({ sampleRate: 1, bytesPerSample: 1, seconds: 10_000 }))).toBeGreaterThan(10_000);
  });

  it('of WAV is by the lower of two rates that contradict each other', () => {
    const file = waveFile({ sampleRate: 48_000, seconds: 1 });
    file.writeUInt32LE(100, 28);
    expect(secondsAtMost(file)).toBeGreaterThan(900);
  });

  it('of MP3 is by the lowest rate there is, behind its tags too', () => {
    expect(secondsAtMost(mp3File(8_000))).toBe(8);
    expect(secondsAtMost(Buffer.concat([id3(300), id3(5), mp3File(1_000)]))).toBeLessThan(2);
  });

  it.each<[string, Buffer]>([
    ['a WAV file of another coding', waveFile({ sampleRate: 8_000, seconds: 1, tag: 0x31 })],
    ['a WAV file without a format', Buffer.from('RIFF\0\0\0\0WAVE')],
    ['a WAV file whose rate is 0', waveFile({ sampleRate: 0, seconds: 1 })],
    ['FLAC', Buffer.from('fLaC....')],
    ['FLAC behind a tag', Buffer.concat([id3(20), Buffer.from('fLaC....')])],
    ['Ogg', Buffer.from('OggS....')],
    ['AAC', Buffer.from([0xff, 0xf1, 0x50, 0x80])],
    ['MP3 of a free rate', Buffer.from([0xff, 0xfb, 0x00, 0x00])],
    ['nothing', Buffer.alloc(0)],
  ])('of %s is not known', (_kind, file) => expect(secondsAtMost(file)).toBe(Infinity));

  it('is counted at the most tokens that any maker counts', () => {
    expect(audioTokensAtMost(mp3File(20_000).toString('base64'))).toBe(21 * 32);
    expect(audioTokensAtMost(`data:;base64,${mp3File(20_000).toString('base64')}`)).toBe(21 * 32);
    expect(audioTokensAtMost(mp3File(1_000).toString('base64')), 'half a minute of Mistral’s').toBe(375);
  });

  it.each(['https://a.b/c.wav', 'data:audio/wav,plain text', '', 'oss://x/y.mp3'])('is not known of %s', (data) =>
    expect(audioTokensAtMost(data)).toBe(Infinity),
  );
});

function id3(size: number): Buffer {
  const tag = Buffer.alloc(10 + size);
  tag.write('ID3');
  tag[8] = size >> 7;
  tag[9] = size & 0x7f;
  return tag;
}
