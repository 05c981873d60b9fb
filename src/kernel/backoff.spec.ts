import { expect, it } from 'vitest';
import { Backoff } from './index.js';

it('doubles each pause up to the longest, and begins again after a success', () => {
  const backoff = new Backoff(100, 500);
  expect(Array.from({ length: 5 }, () => backoff.next())).toEqual([100, 200, 400, 500, 500]);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});
