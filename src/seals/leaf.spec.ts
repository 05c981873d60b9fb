import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, isStorable, type JsonObject } from '../kernel/index.js';
import { leafInput } from './leaf.js';

const metadatas = fc.dictionary(fc.string(), fc.jsonValue()).map((value): JsonObject => ({ ...value }));
const members = fc.record({
  stream: fc.string({ unit: 'binary' }),
  revision: fc.nat(),
  position: fc.maxSafeNat(),
  recordedAt: fc.string(),
});

it('is the canonical JSON of its six members, whatever is in them', () =>
  fc.assert(
    fc.property(members, metadatas.filter(isStorable), fc.option(fc.string()), (event, metadata, hash) => {
      const input = leafInput({ ...event, metadata: { ...metadata, hash, position: 'of no number', recordedAt: '' } });
      const { position: _position, recordedAt: _recordedAt, hash: _hash, ...rest } = metadata;
      expect(input).toBe(canonicalJson({ ...event, hash, metadata: rest }));
    }),
  ));

it('has the position that its first store gave it', () => {
  const [here, metadata] = [
    { stream: 's', revision: 0, position: 9, recordedAt: 'now' },
    { position: 7, mac: 'm' },
  ];
  const moved = '{"hash":null,"metadata":{"mac":"m"},"position":7,"recordedAt":"now","revision":0,"stream":"s"}';
  expect(leafInput({ ...here, metadata })).toBe(moved);
});
