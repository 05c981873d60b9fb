import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { schemaForKimi } from './kimi-schema.js';

const text = { type: 'string' };
const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const needs = (...required: readonly string[]): JsonObject => ({ required });

describe('a tool of Kimi’s', () => {
  it.each<readonly [string, JsonObject]>([
    ['plain', of({ a: text, b: { type: ['string', 'null'] }, c: {} }, needs('a'))],
    ['choices', of({ a: { anyOf: [text, { type: 'null' }], default: null, title: 'A' } })],
    ['a list', of({ a: { type: 'array', items: text, minItems: 1 } })],
    ['a reference', of({ a: { description: 'It', minLength: 1, $ref: '#/$defs/A' } }, { $defs: { A: text } })],
    ['itself', of({ a: { $ref: '#' } })],
    ['names of keywords', of({ anyOf: text, items: text, $ref: text, definitions: text })],
    [
      'what nobody can find',
      of({ a: { $ref: '#/definitions/A' }, b: { $ref: 'https://example.com/b.json' }, c: { $ref: '#/a/0/b' } }),
    ],
  ])('is told as it is: %s', (_, schema) => expect(schemaForKimi(schema)).toEqual(schema));

  it('tells the type within each choice', () => {
    const choices = [of({ a: text }), of({ b: text })];
    expect(schemaForKimi({ type: 'object', $schema: 's', description: 'One.', anyOf: choices })).toEqual({
      $schema: 's',
      description: 'One.',
      anyOf: choices,
    });
    const severity = { enum: ['error', 'warning'] };
    expect(schemaForKimi(of({ a: { type: 'string', default: 'error', anyOf: [severity, { type: 'null' }] } }))).toEqual(
      of({ a: { default: 'error', anyOf: [{ type: 'string', ...severity }, { type: 'null' }] } }),
    );
  });

  it('tells what holds for all choices in each that needs it', () => {
    const properties = { a: text, b: text, c: text };
    expect(schemaForKimi(of(properties, { required: ['c'], anyOf: [needs('a'), needs('b', 'c')] }))).toEqual({
      anyOf: [of(properties, needs('c', 'a')), of(properties, needs('c', 'b'))],
    });
    const rest = { $defs: { A: of({ a: text }) } };
    expect(schemaForKimi(of({ p: of({ k: text }, { anyOf: [{ $ref: '#/$defs/A' }] }) }, rest))).toEqual(
      of({ p: { properties: { k: text }, anyOf: [{ $ref: '#/$defs/A' }] } }, rest),
    );
    expect(schemaForKimi(of({ p: { default: 1, anyOf: [{ ...text, default: 'x' }] } }))).toEqual(
      of({ p: { anyOf: [{ ...text, default: 'x' }] } }),
    );
  });

  it('tells beside a reference only what the schema there does not', () => {
    const target = { type: 'string', minLength: 1 };
    const id = { type: 'string', minLength: 1, format: 'uuid', description: 'A thread', $ref: '#/$defs/B' };
    expect(schemaForKimi(of({ a: { $ref: '#/$defs/A' } }, { $defs: { A: id, B: target } }))).toEqual(
      of(
        { a: { $ref: '#/$defs/A' } },
        { $defs: { A: { format: 'uuid', description: 'A thread', $ref: '#/$defs/B' }, B: target } },
      ),
    );
    const more = (base: JsonObject) =>
      schemaForKimi(of({ a: { $ref: '#/$defs/A', ...of({ b: text }, needs('b')) } }, { $defs: { A: base } }));
    expect(more(of({ a: text }))).toEqual(of({ a: { $ref: '#/$defs/A' } }, { $defs: { A: of({ a: text }) } }));
    expect(more({ type: 'object' })).toMatchObject({
      properties: { a: { $ref: '#/$defs/A', properties: { b: text }, required: ['b'] } },
    });
  });

  it('has all that is referred to in $defs', () => {
    expect(
      schemaForKimi(
        of({ a: { $ref: '#/definitions/A' } }, { definitions: { A: { $ref: '#/definitions/B' }, B: text } }),
      ),
    ).toEqual(of({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { $ref: '#/$defs/B' }, B: text } }));
    const choice = of({ 'x/y': text });
    const told = schemaForKimi(
      of({
        a: { anyOf: [choice] },
        b: { $ref: '#/properties/a/anyOf/0/properties/x~1y' },
        c: { $ref: '#/properties/a' },
      }),
    );
    expect(told).toEqual(
      of(
        {
          a: { anyOf: [choice] },
          b: { $ref: '#/$defs/properties.a.anyOf.0.properties.x_y' },
          c: { $ref: '#/$defs/properties.a' },
        },
        { $defs: { 'properties.a.anyOf.0.properties.x_y': text, 'properties.a': { anyOf: [choice] } } },
      ),
    );
    const own = { $defs: { A: { type: 'number' } }, definitions: { A: text } };
    expect(schemaForKimi(of({ a: { $ref: '#/definitions/A' } }, own))).toEqual(
      of({ a: { $ref: '#/definitions/A' } }, { $defs: own.$defs }),
    );
  });

  it('has no list of schemas as items', () =>
    expect(schemaForKimi(of({ a: { type: 'array', items: [text, { type: 'number' }], maxItems: 2 } }))).toEqual(
      of({ a: { type: 'array', prefixItems: [text, { type: 'number' }], maxItems: 2 } }),
    ));

  it('does not grow without end', () => {
    let nested: JsonObject = text;
    for (let depth = 0; depth < 60; depth++) nested = of({ a: nested }, { anyOf: [needs('a'), needs('a')] });
    expect(JSON.stringify(schemaForKimi(nested)).length).toBeLessThan(1_000_000);
    let deep: JsonObject = text;
    for (let depth = 0; depth < 3000; depth++) deep = of({ a: deep });
    expect(schemaForKimi(deep)).toEqual(deep);
  });
});
