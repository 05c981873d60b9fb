import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Availability } from './availability.js';
import { EventStoreUnavailable } from './event-store.js';

const DOWN_AFTER_MS = 100;
const PROBE_EVERY_MS = 500;

/** A store that can be asked for its head; `answers` says how. */
function setUp() {
  const store = {
    asked: 0,
    answers: 'nothing' as 'well' | 'an error' | 'nothing',
    head(): Promise<number> {
      this.asked++;
      if (this.answers === 'nothing') return new Promise<never>(() => {});
      return this.answers === 'well' ? Promise.resolve(1) : Promise.reject(new Error('down'));
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
    await delay(DOWN_AFTER_MS + 10); // a timer may be a moment early
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
  it('is asked now and then, by one of the many that want to know; the others are told at once', async () => {
    const { store, availability, isUp } = setUp();
    availability.failed('append', longAgo());
    const asking = isUp();
    const started = performance.now();
    expect(await Promise.all(Array.from({ length: 100 }, isUp))).toEqual(Array<boolean>(100).fill(false));
    expect(performance.now() - started).toBeLessThan(PROBE_EVERY_MS);
    expect(store.asked).toBe(1);
    await delay(PROBE_EVERY_MS);
    void isUp();
    expect(store.asked).toBe(2);
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

  it('is down again at the first append that fails after it answered', async () => {
    const { store, availability, isUp } = setUp();
    availability.failed('append', longAgo());
    store.answers = 'well';
    expect(await isUp()).toBe(true);
    availability.failed('append', longAgo());
    expect(await isUp(), 'that one was sent before').toBe(true);
    store.answers = 'an error';
    await delay(1);
    availability.failed('append', performance.now());
    expect(await isUp()).toBe(false);
  });
});
