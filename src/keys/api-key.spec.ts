import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../kernel/index.js';
import { accountIn, createKey, faultOf, hashKey, KEY_PREFIX } from './api-key.js';

const LENGTH = 66;
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const character = fc.constantFrom(...BASE62.split(''));
const place = fc.integer({ min: KEY_PREFIX.length, max: LENGTH - 1 });

describe('a new key', () => {
  it('leads to its account', () => {
    const accountId = newId();
    const key = createKey(accountId);
    expect(key).toMatch(/^sk-th_[0-9A-Za-z]{60}$/);
    expect(accountIn(key)).toBe(accountId);
    expect(faultOf(key)).toBeUndefined();
  });

  it('is another one each time', () => {
    const accountId = newId();
    const keys = Array.from({ length: 100 }, () => createKey(accountId));
    expect(new Set(keys).size).toBe(100);
    expect(new Set(keys.map(hashKey)).size).toBe(100);
  });

  it('is kept as the SHA-256 of all of it', () => {
    expect(hashKey('sk-th_')).toBe('92b43baf5ea5d3cd76199b0e7bfe5a671108315781a209865ed10d68e039e622');
    expect(hashKey(createKey(newId()))).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a damaged key', () => {
  it('is known by its checksum, whichever character was changed', () => {
    const property = fc.property(place, character, (at, other) => {
      const key = createKey(newId());
      fc.pre(key[at] !== other);
      const damaged = key.slice(0, at) + other + key.slice(at + 1);
      expect(faultOf(damaged)).toBe('is malformed: its checksum is wrong, so a character was changed');
    });
    fc.assert(property);
  });

  it('is known when two neighbours were swapped', () => {
    const property = fc.property(fc.integer({ min: KEY_PREFIX.length, max: LENGTH - 2 }), (at) => {
      const key = createKey(newId());
      const [one = '', two = ''] = [key[at], key[at + 1]];
      fc.pre(one !== two);
      expect(faultOf(key.slice(0, at) + two + one + key.slice(at + 2))).toContain('checksum is wrong');
    });
    fc.assert(property);
  });

  it('is told from a truncated one, wherever it was cut', () => {
    const key = createKey(newId());
    for (let length = KEY_PREFIX.length + 1; length < LENGTH; length++) {
      expect(faultOf(key.slice(0, length))).toBe(`is truncated: it has ${length} of ${LENGTH} characters`);
    }
  });

  it('may be too long, of another maker, or hold foreign characters', () => {
    const key = createKey(newId());
    expect(faultOf(`${key}A`)).toContain('67 characters instead of 66');
    expect(faultOf(key.slice(3))).toContain('does not start with sk-th_');
    for (const foreign of ['-', '_', ' ', 'é', '\n']) {
      expect(faultOf(`${key.slice(0, -1)}${foreign}`)).toContain('letters and digits only');
    }
  });

  it('of any kind has a fault, and never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => faultOf(text) !== undefined));
    fc.assert(fc.property(fc.string({ unit: character }), (text) => faultOf(KEY_PREFIX + text) !== undefined));
  });
});
