import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { fromBson, toBson } from './mongodb-json.js';

describe('JSON as BSON', () => {
  it.each([
    ['$usd', '%0024usd'],
    ['a.b', '%0061%002eb'],
    ['', '%'],
    ['_bsontype', '%005fbsontype'],
    ['__proto__', '%005f_proto__'],
    ['100%', '%003100%0025'],
    ['n\0l', '%006e%0000l'],
  ])('names the field %j %j', (name, escaped) => {
    expect(Object.keys(toBson({ [name]: 1 }))).toEqual([escaped]);
    expect(Object.keys(fromBson({ [escaped]: 1 }))).toEqual([name]);
  });

  it('leaves the names of ordinary fields alone', () => {
    const doc = { accountId: 'a', 'gpt-4': { größe: [{ _id: 1 }] } };
    expect(toBson(doc)).toEqual(doc);
  });

  it('returns any JSON as it was', () => {
    const special = ['', '%', '%0024', '$', '.', '__proto__', 'toBSON'];
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...special));
    const { doc } = fc.letrec<{ doc: JsonObject; value: JsonValue }>((tie) => ({
      doc: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
      value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), tie('doc'), fc.array(tie('value'))),
    }));
    fc.assert(fc.property(doc, (json) => JSON.stringify(fromBson(toBson(json))) === JSON.stringify(json)));
  });

  it('refuses a bigint, which BSON would cut to 64 bits', () => {
    expect(() => toBson({ amount: 1n as never })).toThrow(TypeError);
  });
});
