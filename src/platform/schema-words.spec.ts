import { expect, it } from 'vitest';
import { z } from 'zod';
import { wordsOf } from './schema-words.js';

z.config({ customError: wordsOf });

it.each<[string, z.ZodType, unknown, string]>([
  ['a list without entries', z.array(z.string()).min(1), [], 'Must not be empty'],
  ['a list with too few', z.array(z.string()).min(2), ['a'], 'Needs at least 2 entries'],
  ['a list with too many', z.array(z.string()).max(1), ['a', 'b'], 'Takes at most 1 entry'],
  ['empty text', z.string().min(1), '', 'Must not be empty'],
  ['text that is too long', z.string().max(2), 'abc', 'Takes at most 2 characters'],
  ['a number that is too small', z.int().min(3), 1, 'Must be at least 3'],
  ['a number that is too large', z.number().lt(3), 3, 'Must be less than 3'],
  ['a whole number that can’t be counted to', z.int(), 1e20, 'Must be at most 9007199254740991'],
  ['what is missing', z.object({ a: z.string() }), {}, 'Is missing'],
  ['what is of another kind', z.array(z.string()), {}, 'Must be a list'],
  ['a fraction', z.int(), 1.5, 'Must be a whole number'],
  ['a field that there is not', z.strictObject({}), { b: 1 }, 'Has what is not known here: "b"'],
  ['another value', z.enum(['a', 'b']), 'c', 'Must be one of "a", "b"'],
  ['another text', z.literal('a'), 'b', 'Must be "a"'],
  ['what is no address', z.url(), 'hub', 'Must be an address such as https://host.example.com'],
  ['text of another form', z.string().regex(/^a/), 'b', 'Is not in the form that it must have'],
  [
    'another kind of object',
    z.discriminatedUnion('v', [z.object({ v: z.literal('1') }), z.object({ v: z.literal('2') })]),
    { v: '3' },
    'Must be one of "1", "2"',
  ],
  ['none of several', z.union([z.string(), z.number()]), null, 'Is nothing that it may be'],
])('says what is wrong with %s', (_what, schema, input, words) => {
  expect(schema.safeParse(input).error?.issues.map(({ message }) => message)).toEqual([words]);
});

it('leaves what a schema says itself', () => {
  const said = z.string().regex(/^a/, 'It begins with a');
  expect(said.safeParse('b').error?.issues[0]?.message).toBe('It begins with a');
});
