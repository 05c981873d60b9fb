import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { chainHash, type ChainedEvent, GENESIS, isStorable } from './hash-chain.js';
import type { JsonObject, JsonValue } from './json.js';

const opened: ChainedEvent = {
  stream: 'account-acc',
  revision: 0,
  type: 'AccountOpened',
  id: '0b0ff7a6-6e4d-5d5e-9d3a-0d2f3b6c4c11',
  data: { accountId: 'acc', at: '2026-03-04T12:00:00.000Z' },
};
const withData = (data: JsonObject): ChainedEvent => ({ ...opened, data });

function hasCanonicalJson(value: JsonValue): boolean {
  try {
    return canonicalJson(value) !== '';
  } catch {
    return false;
  }
}

/** The hash as anyone can compute it who has SHA-256 and the canonical text. */
const sha256 = (previousHash: string, canonical: string): string =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from(previousHash, 'hex'), Buffer.from(canonical, 'utf8')]))
    .digest('hex');

/** The canonical text of `opened` with other data. */
const canonicalWith = (data: string): string =>
  `{"data":${data},"id":"0b0ff7a6-6e4d-5d5e-9d3a-0d2f3b6c4c11","revision":0,"stream":"account-acc","type":"AccountOpened"}`;

describe('frozen vectors: if one fails, every ledger ever written fails to verify', () => {
  const second: ChainedEvent = {
    stream: 'account-acc',
    revision: 1,
    type: 'CreditPurchased',
    id: 'a2f1c9f2-7a0a-5b0e-8f63-7d7d3b3c9e42',
    data: {
      lotId: 'l',
      amount: '5.00',
      expiresAt: '2027-03-04T12:00:00.000Z',
      topupId: 't',
      at: '2026-03-04T12:00:00.000Z',
    },
  };
  const first = chainHash(GENESIS, opened);

  it('the first event of a stream', () =>
    expect(first).toBe('216faba823b1802c22f9bf90094175c7fa87d8cd7fe6702ff1a10cd79712f2e9'));

  it('the event after it', () =>
    expect(chainHash(first, second)).toBe('a87d91bd5b1511de81428b57ca9fbb8bec284eb64066420ee273dd5e36836720'));

  it('data of every kind', () =>
    expect(
      chainHash(GENESIS, withData({ 'é€😀': [1, 1.5, -0, 1e21, true, null, 'a"\\\n'], b: { z: {}, a: [] }, a: '' })),
    ).toBe('919b445d6c5b6874201fb3bdac0a2ae23066cb26bf641e4e5e9501184771fe02'));
});

describe('what is hashed', () => {
  it('is the previous hash as 32 bytes, then the event as canonical JSON', () => {
    const canonical = canonicalWith('{"accountId":"acc","at":"2026-03-04T12:00:00.000Z"}');
    expect(chainHash(GENESIS, opened)).toBe(sha256('00'.repeat(32), canonical));
    expect(chainHash('ab'.repeat(32), opened)).toBe(sha256('ab'.repeat(32), canonical));
  });

  it('is so of the largest events, too, and of one after them', () => {
    const note = '€😀a'.repeat(100_000);
    expect(chainHash(GENESIS, withData({ note }))).toBe(sha256(GENESIS, canonicalWith(`{"note":"${note}"}`)));
    expect(chainHash(GENESIS, withData({}))).toBe(sha256(GENESIS, canonicalWith('{}')));
  });

  it('is nothing of the event before it when the previous hash is no hash', () => {
    chainHash('ab'.repeat(32), opened);
    expect(chainHash('no hash', withData({}))).toBe(sha256('', canonicalWith('{}')));
  });

  // RFC 8785, section 3.2.2.
  it('has numbers, literals and strings as RFC 8785 writes them', () => {
    const data = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as JsonObject;
    const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(chainHash(GENESIS, withData(data))).toBe(sha256(GENESIS, canonicalWith(canonical)));
  });

  // RFC 8785, section 3.2.3: keys are sorted by their UTF-16 code units, so the emoji comes before U+FB33.
  it('has keys in the order of RFC 8785', () => {
    const data = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`) as JsonObject;
    const canonical = `{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}`;
    expect(chainHash(GENESIS, withData(data))).toBe(sha256(GENESIS, canonicalWith(canonical)));
  });

  it('is the same after a store kept the data as JSON', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' })), (value) => {
        const data = value as JsonObject;
        const stored = JSON.parse(JSON.stringify(data)) as JsonObject;
        expect(chainHash(GENESIS, withData(stored))).toBe(chainHash(GENESIS, withData(data)));
      }),
    ));

  it('does not depend on the order of keys', () =>
    expect(chainHash(GENESIS, withData({ b: 1, a: 2 }))).toBe(chainHash(GENESIS, withData({ a: 2, b: 1 }))));

  it('leaves out what JSON leaves out', () =>
    expect(chainHash(GENESIS, withData({ a: 1, b: undefined }))).toBe(chainHash(GENESIS, withData({ a: 1 }))));

  it.each([
    ['stream', { stream: 'account-acd' }],
    ['revision', { revision: 1 }],
    ['type', { type: 'AccountOpene' }],
    ['id', { id: '0b0ff7a6-6e4d-5d5e-9d3a-0d2f3b6c4c12' }],
    ['data', { data: { accountId: 'acd', at: '2026-03-04T12:00:00.000Z' } }],
  ])('covers the %s', (_what, change) =>
    expect(chainHash(GENESIS, { ...opened, ...change })).not.toBe(chainHash(GENESIS, opened)),
  );

  it.each([[{ a: NaN }], [{ a: Infinity }], [{ a: '\ud800' }], [{ '\udc00': 1 }]])(
    'refuses %j, which has no canonical JSON',
    (data) => expect(() => chainHash(GENESIS, withData(data))).toThrow(/is not allowed/),
  );
});

describe('what can stand in an event', () => {
  it('is every value that has canonical JSON', () => {
    expect(isStorable({ a: [1.5, null, 'é😀', { b: true }] })).toBe(true);
    const strings = fc.constantFrom('', 'é😀', '\\ud83d', '\ud83d', '😀'.slice(1));
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 0, -0, 1e21, Infinity, NaN),
        strings,
        fc.array(tie('value')),
        fc.dictionary(strings, tie('value')),
      ),
    }));
    fc.assert(fc.property(value, (any) => isStorable(any) === hasCanonicalJson(any)));
  });
  it('is not a lone surrogate', () => expect(isStorable({ a: '\ud83d' })).toBe(false));
  it('is not a number that JSON can spell and IEEE 754 can’t hold', () =>
    expect(isStorable(JSON.parse('{"total_tokens":1e999}') as JsonObject)).toBe(false));
  it('is no deeper than what a row of MongoDB can hold', () => {
    const nested = (depth: number) =>
      JSON.parse(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`) as JsonValue;
    expect(isStorable(nested(64))).toBe(true);
    expect(isStorable(nested(66))).toBe(false);
  });
});
