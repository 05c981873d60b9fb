import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataFrame, DONE_FRAME, frameData, FrameBuffer, frames, isEventStream } from './sse.js';

const textsOf = (bytes: Buffer): string[] => [...frames(bytes)].map(String);

/** Pushes pieces one after another; all that came out, and what is left. */
function push(pieces: readonly Buffer[]): { passed: Buffer; rest: Buffer } {
  const buffer = new FrameBuffer();
  const passed = pieces.map((piece) => buffer.push(piece));
  for (const bytes of passed) expect(Buffer.concat([...frames(bytes)]), 'only whole frames come out').toEqual(bytes);
  return { passed: Buffer.concat(passed), rest: buffer.rest };
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

const FRAME = fc
  .tuple(
    fc.constantFrom('data: ', 'data:', 'event: x\ndata: ', ': comment ', 'id: 1'),
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
    fc.constantFrom('\n\n', '\r\n\r\n'),
  )
  .map(([field, text, end]) => field.replaceAll('\n', end.slice(0, end.length / 2)) + text + end);

describe('frames', () => {
  it('are cut after their empty line, with LF and with CRLF', () => {
    expect(textsOf(Buffer.from('data: a\n\ndata: b\r\n\r\n: c\n\n'))).toEqual([
      'data: a\n\n',
      'data: b\r\n\r\n',
      ': c\n\n',
    ]);
  });

  it('keep every byte of text in any script', () => {
    const text = 'data: {"é":"漢字 🐙"}\n\n';
    expect(textsOf(Buffer.from(text + text))).toEqual([text, text]);
  });

  it('are the same when the stream is cut at any byte', () => {
    const text = 'data: {"a":"é🐙"}\n\n: keep-alive\r\n\r\ndata: b\r\n\r\ndata: [DONE]\n\ndata: res';
    const bytes = Buffer.from(text);
    const whole = push([bytes]);
    for (let at = 0; at <= bytes.length; at++) expect(push(cut(bytes, [at]))).toEqual(whole);
    expect(push([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
    expect(whole.rest.toString()).toBe('data: res');
  });

  it('are the same however any stream is cut', () => {
    const property = fc.property(fc.array(FRAME), fc.string(), fc.array(fc.nat()), (texts, tail, cuts) => {
      const rest = tail.replaceAll(/[\r\n]/g, '');
      const bytes = Buffer.from(texts.join('') + rest);
      const { passed, rest: left } = push(cut(bytes, cuts));
      expect(textsOf(passed)).toEqual(texts);
      expect(left.toString()).toBe(rest);
    });
    fc.assert(property);
  });

  it('are whole when what ends them comes a byte at a time, whatever came before', () => {
    const property = fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', 'a'), maxLength: 12 }), (text) => {
      const bytes = Buffer.from(`data: ${text}`);
      const { passed, rest } = push([...bytes].map((byte) => Buffer.of(byte)));
      expect(Buffer.concat([passed, rest])).toEqual(bytes);
      expect(/\n\n|\r\n\r\n|\r\r[^\n]/.test(rest.toString())).toBe(false);
    });
    fc.assert(property);
  });

  it('cost time by their bytes alone, in however many pieces they come', () => {
    const buffer = new FrameBuffer();
    const piece = Buffer.alloc(256, 'x');
    const began = performance.now();
    for (let bytes = 0; bytes < 4_000_000; bytes += piece.length) buffer.push(piece);
    expect(buffer.push(Buffer.from('\n\n')).length).toBe(4_000_002);
    expect(performance.now() - began).toBeLessThan(2_000); // copied and searched anew with each piece, it was two minutes
  });

  it('that never end are not kept', () => {
    const buffer = new FrameBuffer();
    const piece = Buffer.alloc(1_048_576, 'x');
    const fill = () => {
      for (let pieces = 0; pieces < 6; pieces++) buffer.push(piece);
    };
    expect(fill).toThrow(RangeError);
  });
});

describe('the data of a frame', () => {
  it.each([
    ['with a space', 'data: {"a":1}\n\n', '{"a":1}'],
    ['without one', 'data:{"a":1}\n\n', '{"a":1}'],
    ['with CRLF', 'data: a\r\n\r\n', 'a'],
    ['on several lines', 'data: a\ndata: b\n\n', 'a\nb'],
    ['beside other fields', 'event: x\nid: 2\ndata: a\nretry: 3\n\n', 'a'],
    ['that is empty', 'data:\n\n', ''],
  ])('%s', (_case, frame, data) => expect(frameData(Buffer.from(frame))).toBe(data));

  it.each([': data: a\n\n', 'event: data\n\n', '\n\n'])('is undefined where there is none: %j', (frame) =>
    expect(frameData(Buffer.from(frame))).toBeUndefined(),
  );

  it('comes out of a frame as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(frameData(dataFrame(value))).toBe(JSON.stringify(value));
      }),
    );
    expect(frameData(DONE_FRAME)).toBe('[DONE]');
  });
});

describe('the ends of lines', () => {
  const END = fc.constantFrom('\n', '\r\n', '\r');
  const line = fc.constantFrom('data: {"a":1}', 'data: b', ': comment', 'event: x', 'data:c');

  it('may be CRLF, LF or CR, in any mixture, and cut anywhere: the data of frames are the same', () => {
    const law = fc.property(
      fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
      END,
      fc.nat(),
      (made, end, at) => {
        const text = made.map((lines) => lines.map((one) => one + end).join('') + end).join('');
        const bytes = Buffer.from(text);
        const place = at % (bytes.length + 1);
        const buffer = new FrameBuffer();
        const pieces = [buffer.push(bytes.subarray(0, place)), buffer.push(bytes.subarray(place))];
        const dataOf = (whole: Buffer) => [...frames(whole)].map(frameData).filter((data) => data !== undefined);
        const expected = made
          .map((lines) => lines.filter((one) => one.startsWith('data:')).map((one) => one.slice(5).trimStart()))
          .filter((data) => data.length > 0)
          .map((data) => data.join('\n'));
        const last = frameData(buffer.rest);
        expect([...pieces.flatMap(dataOf), ...(last === undefined ? [] : [last])]).toEqual(expected);
      },
    );
    fc.assert(law);
  });

  it('of two kinds may end a frame', () => {
    const buffer = new FrameBuffer();
    expect(
      [...frames(buffer.push(Buffer.from('data: a\n\r\ndata: b\r\n\ndata: c\r\rdata: d')))].map(frameData),
    ).toEqual(['a', 'b', 'c']);
    expect(buffer.rest.toString()).toBe('data: d');
  });

  it('are not taken for an empty line where a CRLF is cut', () => {
    const buffer = new FrameBuffer();
    expect(buffer.push(Buffer.from('data: a\r')).length).toBe(0);
    expect(buffer.push(Buffer.from('\n\r')).length).toBe(0);
    expect(buffer.push(Buffer.from('\ndata: b')).toString()).toBe('data: a\r\n\r\n');
  });
});

it('a byte order mark at the start is not part of the first frame', () => {
  const buffer = new FrameBuffer();
  expect(buffer.push(Buffer.from('\uFEFFdata: a\n\n')).toString()).toBe('data: a\n\n');
  expect(buffer.push(Buffer.from('data: b\n\n')).toString()).toBe('data: b\n\n');
});

it.each([
  ['text/event-stream', true],
  ['Text/Event-Stream', true],
  ['text/event-stream ;charset=utf-8', true],
  ['text/event-streams', false],
  ['application/json', false],
  ['', false],
])('%j is the type of an event stream: %s', (type, is) => expect(isEventStream(type)).toBe(is));
