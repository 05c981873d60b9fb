import { describe, expect, it } from 'vitest';
import { hasLoneSurrogate, wellFormedJson } from './well-formed-json.js';

describe('JSON with text that is no Unicode', () => {
  it.each([
    ['\ud83d', '\ufffd'],
    ['\ude00\ud83d', '\ufffd\ufffd'],
    ['a\ud83db\ud83d\ude00', 'a\ufffdb\ud83d\ude00'],
    ['\\\ud83d', '\\\ufffd'],
    ['\\\\\udfff"', '\\\\\ufffd"'],
  ])('has U+FFFD for each lone surrogate of %j', (text, well) => {
    expect(hasLoneSurrogate(JSON.stringify({ [text]: text }))).toBe(true);
    expect(wellFormedJson(JSON.stringify({ [text]: text }))).toBe(JSON.stringify({ [well]: well }));
  });

  it.each(['\ud83d\ude00', '\\ud83d', '\\\\ud83d', '\\ud83', '\ufffd', ''])('leaves %j, which has none', (text) => {
    const json = JSON.stringify([text]);
    expect([wellFormedJson(json), hasLoneSurrogate(json)]).toEqual([json, false]);
  });
});
