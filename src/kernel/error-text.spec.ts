import { expect, it } from 'vitest';
import { errorText } from './error-text.js';

it('says what was thrown, also for a host of which no address could be reached', () => {
  const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:1`));
  expect(errorText(new AggregateError(refused))).toBe('connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1');
  expect([new AggregateError(refused, 'all'), new Error('one'), 'word'].map(errorText)).toEqual(['all', 'one', 'word']);
});
