import { expect, it } from 'vitest';
import { countOf } from './count-of.js';

it.each([
  [0, '0 requests'],
  [1, '1 request'],
  [1n, '1 request'],
  [2, '2 requests'],
  [11, '11 requests'],
])('%s of something', (count, words) => expect(countOf(count, 'request')).toBe(words));

it('may have a plural of its own', () => expect(countOf(2, 'entry', 'entries')).toBe('2 entries'));
