import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTextOf, MOST_DEPTH, MOST_VALUES } from './json-shape.js';

const check = (json: string) => () => jsonTextOf(Buffer.from(json));
const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);

describe('the shape of a JSON text', () => {
  it('is at most so deep, of arrays and objects', () => {
    expect(check(nested(MOST_DEPTH))).not.toThrow();
    expect(check(nested(MOST_DEPTH + 1))).toThrow(`nested more than ${MOST_DEPTH} levels deep`);
    expect(check('{"a":['.repeat(65) + ']}'.repeat(65))).toThrow('deep');
    expect(check(`[${'[{}],'.repeat(1_000)}1]`)).not.toThrow();
  });

  it('has at most so many values', () => {
    expect(check(`[${'1,'.repeat(MOST_VALUES - 2)}1]`)).not.toThrow();
    expect(check(`[${'1,'.repeat(MOST_VALUES + 1)}1]`)).toThrow(`more than ${MOST_VALUES} values`);
    expect(check(`[${'[],'.repeat(MOST_VALUES / 2 + 1)}1]`)).toThrow('values');
  });

  it('is not what stands in its strings', () => {
    const law = fc.property(fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ',', 'x', 'ä') }), (text) => {
      const json = JSON.stringify([text.repeat(20), '[', text]);
      const deep = nested(MOST_DEPTH - 1, json);
      expect(check(deep)).not.toThrow();
      expect(check(nested(MOST_DEPTH, json))).toThrow('deep');
    });
    fc.assert(law, { numRuns: 300 });
  });

  it('is known at once of texts made to take long', () => {
    const before = process.threadCpuUsage();
    expect(check('['.repeat(33_000_000))).toThrow('deep');
    expect(check(`["${'\\'.repeat(30_000_000)}`)).not.toThrow();
    expect(check(`[${'"",'.repeat(10_000_000)}`)).toThrow('values');
    expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000);
  });
});

describe('the JSON text of a body', () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);

  it('is without the byte-order mark that editors and shells of Windows write', () => {
    expect(jsonTextOf(Buffer.concat([mark, Buffer.from('{"a":"é"}')]))).toBe('{"a":"é"}');
    expect(jsonTextOf(Buffer.concat([Buffer.from('"'), mark, Buffer.from('"')]))).toBe('"\uFEFF"');
    expect(jsonTextOf(mark)).toBe('');
  });

  it('is none where its bytes are not UTF-8', () => {
    expect(jsonTextOf(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
    expect(jsonTextOf(Buffer.from('{}', 'utf16le'))).toBe('{\0}\0');
  });
});
