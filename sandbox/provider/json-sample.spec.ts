import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/kernel/index.js';
import { sampleOf } from './json-sample.js';

const node = {
  type: 'object',
  properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
  required: ['next'],
};

describe('a sample for a JSON schema', () => {
  it.each<[JsonValue, JsonValue]>([
    [
      { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
      { city: 'Paris', days: 1 },
    ],
    [{ type: 'string', enum: ['celsius', 'kelvin'] }, 'celsius'],
    [{ const: 42 }, 42],
    [{ type: 'integer', minimum: 10, multipleOf: 4 }, 12],
    [{ type: 'integer', exclusiveMinimum: 1 }, 2],
    [{ type: 'integer', maximum: -3 }, -3],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 2 }, [true, true]],
    [{ type: ['null', 'string'], maxLength: 3 }, 'san'],
    [{ type: 'string', format: 'date' }, '2026-01-31'],
    [{ type: 'string', format: 'constructor' }, 'sandbox value'],
    [{ properties: { constructor: { type: 'string' } } }, { constructor: 'sandbox constructor' }],
    [{ anyOf: [{ type: 'null' }, { type: 'number' }] }, 1],
    [{ allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] }, { a: 1, b: 2 }],
    [{ $defs: { id: { const: 'x' } }, properties: { id: { $ref: '#/$defs/id' } } }, { id: 'x' }],
  ])('of %j is %j', (schema, sample) => expect(sampleOf(schema)).toEqual(sample));

  it('ends for a schema that contains itself', () => {
    const list = JSON.stringify(sampleOf({ $ref: '#/$defs/node', $defs: { node } }));
    expect(list).toMatch(/^(\{"next":)+null\}+$/);
  });

  it('ends for a schema that nothing satisfies', () => expect(sampleOf({ $ref: '#' })).toBeNull());
});
