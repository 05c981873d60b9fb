import { describe, expect, it } from 'vitest';
import { supportedSchema } from './schema.js';

describe('a schema for Anthropic', () => {
  it('keeps what is supported', () => {
    const schema = {
      type: 'object',
      title: 'T',
      properties: {
        day: { type: 'string', format: 'date' },
        kind: { enum: ['a', 'b'] },
        one: { const: 1 },
        list: { type: 'array', items: { $ref: '#/$defs/item' }, minItems: 1 },
        either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['day'],
      additionalProperties: false,
      $defs: { item: { type: 'object', properties: {}, additionalProperties: false } },
    };
    expect(supportedSchema(schema, 'x')).toEqual(schema);
  });

  it('closes every object', () => {
    const schema = { type: 'object', properties: { a: { type: 'object', additionalProperties: true } } };
    expect(supportedSchema(schema, 'x')).toEqual({
      type: 'object',
      properties: { a: { type: 'object', additionalProperties: false } },
      additionalProperties: false,
    });
  });

  it('tells the model what can’t be enforced', () => {
    const schema = { type: 'string', description: 'A code.', pattern: '^[A-Z]+$', maxLength: 3, format: 'iri' };
    expect(supportedSchema(schema, 'x')).toEqual({
      type: 'string',
      description: 'A code.\n\n{pattern: "^[A-Z]+$", maxLength: 3, format: "iri"}',
    });
    expect(supportedSchema({ type: 'array', items: true, minItems: 2 }, 'x')).toEqual({
      type: 'array',
      items: true,
      description: '{minItems: 2}',
    });
  });

  it('has any of what was one of', () => {
    const oneOf = [{ type: 'string', minLength: 1 }, { type: 'null' }];
    expect(supportedSchema({ $schema: 'https://json-schema.org/draft/2020-12/schema', oneOf }, 'x')).toEqual({
      anyOf: [{ type: 'string', description: '{minLength: 1}' }, { type: 'null' }],
    });
  });
});
