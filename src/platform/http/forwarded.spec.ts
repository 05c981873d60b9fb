import { expect, it } from 'vitest';
import { withoutPort } from './forwarded.js';

it.each([
  ['203.0.113.7:54321', '203.0.113.7'],
  ['198.51.100.1:1, 203.0.113.7:54321 ', '198.51.100.1:1, 203.0.113.7'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['x, [2001:db8::1]', 'x, 2001:db8::1'],
])('leaves out the port of the last address: %s', (entries, without) => expect(withoutPort(entries)).toBe(without));

it.each(['203.0.113.7', '2001:db8::1', '2001:db8::1:443', 'unknown', '_hidden:80', ''])(
  'leaves %j as it is',
  (entries) => expect(withoutPort(entries)).toBe(entries),
);

it('takes no time for many digits', () => {
  const claimed = '1'.repeat(16_000);
  const before = performance.now();
  expect(withoutPort(`${claimed}, 203.0.113.7:1`)).toBe(`${claimed}, 203.0.113.7`);
  expect(performance.now() - before).toBeLessThan(50);
});
