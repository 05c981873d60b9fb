import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Availability } from './availability.js';
import { EventStoreUnavailable } from './event-store.js';

const DOWN_AFTER_MS = 100;
const PROBE_EVERY_MS = 500;
/** The longest that a caller waits for a probe. */
const PROBE_WAIT_MS = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** A store that can be asked whether it takes appends; `answers` says how. */
function setUp() {
  const store = {
    asked: 0,
    answers: 'nothing' as 'well' | 'an error' | 'nothing',
    probe(): Promise<void> {
      this.asked++;
      if (this.answers === 'nothing') return new Promise<never>(() => {});
      return this.answers === 'well' ? Promise.resolve() : Promise.reject(new Error('the disk is full'));
    },
  };
  const availability = new Availability(store, { downAfterMs: DOWN_AFTER_MS, probeEveryMs: PROBE_EVERY_MS });
  const isUp = () =>
    availability.check().then(
      () => true,
      (error: unknown) => {
        if (error instanceof EventStoreUnavailable) return false;
        throw error;
      },
    );
  return { store, availability, isUp };
}

/** An instant long enough ago for the store to count as down. */
const longAgo = () => performance.now() - DOWN_AFTER_MS;

describe('a store', () => {
  it('counts as up as long as nothing is known of it, and is not asked', async () => {
    const { store, isUp } = setUp();
    expect(await isUp()).toBe(true);
    expect(store.asked).toBe(0);
  });

  it.each(['append', 'read'] as const)('is down when every %s has failed for a while', async (ask) => {
    const { store, availability, isUp } = setUp();
    store.answers = 'an error';
    const first = performance.now();
    availability.failed(ask, first);
    expect(await isUp()).toBe(true);
    await pass(DOWN_AFTER_MS);
    availability.failed(ask, performance.now());
    expect(await isUp()).toBe(false);
  });

  it('is down when a single append went without an answer for that long', async () => {
    const { store, availability, isUp } = setUp();
    store.answers = 'an error';
    availability.failed('append', longAgo());
    expect(await isUp()).toBe(false);
  });

  it('is up when another append has succeeded since', async () => {
    const { availability, isUp } = setUp();
    const since = longAgo();
    availability.answered('append');
    availability.failed('append', since);
    expect(await isUp()).toBe(true);
  });

  it('is up again when an append succeeds', async () => {
    const { availability, isUp } = setUp();
    availability.failed('append', longAgo());
    availability.answered('append');
    expect(await isUp()).toBe(true);
  });

  it('whose appends fail stays down though it can be read', async () => {
    const { store, availability, isUp } = setUp();
    store.answers = 'an error';
    availability.failed('append', longAgo());
    availability.answered('read');
    expect(await isUp()).toBe(false);
  });

  it('that could not be read is up when it can', async () => {
    const { availability, isUp } = setUp();
    availability.failed('read', longAgo());
    availability.answered('read');
    expect(await isUp()).toBe(true);
  });
});

describe('a store that is down', () => {
  it('is probed at intervals, by one of many callers; the others get an answer at once', async () => {
    const { store, availability, isUp } = setUp();
    availability.failed('append', longAgo());
    const asking = isUp();
    expect(await Promise.all(Array.from({ length: 100 }, isUp))).toEqual(Array<boolean>(100).fill(false));
    expect(store.asked).toBe(1);
    await pass(PROBE_EVERY_MS);
    void isUp();
    expect(store.asked).toBe(2);
    await pass(PROBE_WAIT_MS);
    expect(await asking).toBe(false);
  });

  it('is up when it answers, for the one that asked as well', async () => {
    const { store, availability, isUp } = setUp();
    availability.failed('append', longAgo());
    store.answers = 'well';
    expect(await isUp()).toBe(true);
    expect(await isUp()).toBe(true);
    expect(store.asked).toBe(1);
  });

  it('says why: what the last ask came to', async () => {
    const { store, availability } = setUp();
    availability.failed('append', longAgo(), new Error('no answer within 4 s'));
    store.answers = 'an error';
    await expect(availability.check()).rejects.toThrow('the event store is down: the disk is full');
  });

  it('is down again at the first append that fails after it answered', async () => {
    const { store, availability, isUp } = setUp();
    availability.failed('append', longAgo());
    store.answers = 'well';
    expect(await isUp()).toBe(true);
    availability.failed('append', longAgo());
    expect(await isUp(), 'that one was sent before').toBe(true);
    store.answers = 'an error';
    await pass(1);
    availability.failed('append', performance.now());
    expect(await isUp()).toBe(false);
  });
});

describe('who wants to be sure', () => {
  const isSure = (availability: Availability) =>
    availability.confirm().then(
      () => true,
      () => false,
    );

  it('has a store asked that has taken nothing yet, and no other', async () => {
    const { store, availability, isUp } = setUp();
    store.answers = 'an error';
    expect(await isSure(availability)).toBe(false);
    expect(await isUp(), 'and calls know it, too').toBe(false);
    expect(store.asked).toBe(1);
    await pass(PROBE_EVERY_MS);
    store.answers = 'well';
    expect([await isSure(availability), await isSure(availability), await isUp()]).toEqual([true, true, true]);
    expect(store.asked).toBe(2);
  });

  it('needs no answer of its own where an append had one', async () => {
    const { store, availability } = setUp();
    availability.answered('append');
    expect(await isSure(availability)).toBe(true);
    expect(store.asked).toBe(0);
  });
});
