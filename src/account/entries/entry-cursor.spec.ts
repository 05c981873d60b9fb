import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { picoUsd } from '../../kernel/index.js';
import { readCursor, writeCursor } from './entry-cursor.js';

it('a cursor is read as it was written', () => {
  fc.assert(
    fc.property(fc.nat(), fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (revision, pico) => {
      const cursor = { revision, balance: picoUsd(pico) };
      expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    }),
  );
});

const encoded = (text: string) => Buffer.from(text).toString('base64url');

it.each(['x', '', '%%%', encoded('1'), encoded('-1:0.00'), encoded('1:0.0'), encoded('01:0.00'), encoded('1:1e3')])(
  'what is no cursor is refused: %j',
  (text) => expect(() => readCursor(text)).toThrow('next_cursor'),
);
