import * as fc from 'fast-check';
import { v5 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { BASE62 } from './base62.js';
import { eventId, ID_LENGTH, newId, randomBase62 } from './ids.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The UUID that an id stands for, in hex without hyphens. */
function hexOf(id: string): string {
  const value = id.split('').reduce((sum, digit) => sum * 62n + BigInt(ALPHABET.indexOf(digit)), 0n);
  return value.toString(16).padStart(32, '0');
}

describe('ids', () => {
  it('are 22 base62 characters, each different', () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect(new Set(ids).size).toBe(1_000);
    for (const id of ids) {
      expect(id).toHaveLength(ID_LENGTH);
      expect(id).toMatch(BASE62);
    }
  });

  it('sort by the time they were made', async () => {
    const earlier = newId();
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(earlier < newId()).toBe(true);
  });

  it('sort in the order they were made, also within a millisecond', () => {
    const ids = Array.from({ length: 5_000 }, newId);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('are UUIDv7: the instant, the version and the variant', () => {
    const before = Date.now();
    const hex = hexOf(newId());
    const made = Number.parseInt(hex.slice(0, 12), 16);
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now());
    expect(hex.slice(12)).toMatch(/^7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it('end in 40 random bits at least', () => {
    const ends = Array.from({ length: 5_000 }, () => hexOf(newId()).slice(22));
    // Two are alike once in 88,000 runs.
    expect(new Set(ends).size).toBe(5_000);
  });
});

describe('event ids', () => {
  it('are what the package uuid makes, too', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(), (stream, data, index) => {
        const name = `${stream}/command/${index}/${data}`;
        expect(eventId(stream, 'command', index, data)).toBe(v5(name, '6f1b2f0e-6d0a-5c57-9a3e-2f5d8c1f7a11'));
      }),
    ));

  it('are the same whenever the same command is decided again', () => {
    expect(eventId('account-a', 'command-1', 0, '{}')).toBe(eventId('account-a', 'command-1', 0, '{}'));
  });

  // Frozen: a change would store the events of a retried command a second time.
  it('are UUIDv5 of stream, command, index and data', () => {
    expect(eventId('account-a', 'command-1', 0, '{}')).toBe('ad1c71e3-a54b-5aaf-aacc-520bbb6e063b');
    expect(eventId('account-a', 'command-1', 1, '{}')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('differ by stream, command, index and data', () => {
    const ids = [
      eventId('account-a', 'command-1', 0, '{}'),
      eventId('account-a', 'command-1', 1, '{}'),
      eventId('account-a', 'command-2', 0, '{}'),
      eventId('account-b', 'command-1', 0, '{}'),
      eventId('account-a', 'command-1', 0, '{"at":1}'),
    ];
    expect(new Set(ids).size).toBe(5);
  });
});

describe('random base62', () => {
  it.each([1, 6, 22, 43])('has %i characters', (length) =>
    expect(randomBase62(length)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`)),
  );

  it('uses every character about as often as the others', () => {
    const counts = new Map<string, number>();
    for (const character of Array.from({ length: 62 }, () => randomBase62(1_000)).join('')) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    // 1000 expected of each, standard deviation 31: beyond eight of them is not chance.
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(250);
  });
});
