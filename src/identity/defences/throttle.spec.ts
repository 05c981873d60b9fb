import { describe, expect, it } from 'vitest';
import { MemoryRateLimitStore } from '../../adapters/memory/memory-rate-limit-store.js';
import { refusalOf } from '../../../test/support/identity/desk.js';
import { networkOf, Throttle } from './throttle.js';

const newThrottle = (perAddress = 1_000) =>
  new Throttle(new MemoryRateLimitStore(), { LOGIN_ATTEMPTS_PER_ADDRESS: perAddress });
const times = async (count: number, work: () => Promise<unknown>): Promise<string[]> => {
  const outcomes: string[] = [];
  for (let time = 0; time < count; time++) outcomes.push(await refusalOf(work()));
  return outcomes;
};
const stopped = 'rate_limit_exceeded';

describe('tries', () => {
  it('of one person from one address end after ten, and say when to come back', async () => {
    const throttle = newThrottle();
    const outcomes = await times(11, () => throttle.count('login', '192.0.2.1', 'ada@example.com'));
    expect(outcomes.indexOf(stopped)).toBe(10);
    await expect(throttle.count('login', '192.0.2.1', 'ada@example.com')).rejects.toMatchObject({
      rejection: { details: { retryAfterSeconds: expect.stringMatching(/^[1-9]\d*$/) as string } },
    });
  });

  it('do not keep out the same person elsewhere, nor others', async () => {
    const throttle = newThrottle();
    await times(50, () => throttle.count('login', '192.0.2.1', 'ada@example.com'));
    expect(await times(1, () => throttle.count('login', '192.0.2.2', 'ada@example.com'))).not.toContain(stopped);
    expect(await times(1, () => throttle.count('login', '192.0.2.1', 'bob@example.com'))).not.toContain(stopped);
  });

  it('of one person from everywhere end, too, and leave other ways open', async () => {
    const throttle = newThrottle();
    for (let host = 1; host <= 20; host++) {
      await times(10, () => throttle.count('login', `198.51.100.${host}`, 'ada@example.com'));
    }
    expect(await times(1, () => throttle.count('login', '192.0.2.1', 'ada@example.com'))).toEqual([stopped]);
    expect(await times(1, () => throttle.count('reset', '192.0.2.1', 'ada@example.com'))).not.toContain(stopped);
  });

  it('of one address over many people end', async () => {
    const throttle = newThrottle(20);
    let person = 0;
    const outcomes = await times(21, () => throttle.count('register', '192.0.2.1', `${++person}@example.com`));
    expect(outcomes.indexOf(stopped)).toBe(20);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});
