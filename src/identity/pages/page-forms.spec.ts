import { expect, it } from 'vitest';
import { formOf } from './page-forms.js';

it('a form is read by its fields, and one of thousands is refused before it is taken apart', () => {
  expect(formOf({ body: Buffer.from('email=a%40b.c&password=x+y') })).toEqual({ email: 'a@b.c', password: 'x y' });
  expect(formOf({ body: undefined })).toEqual({});
  expect(() => formOf({ body: Buffer.from('a=b&'.repeat(16_000)) })).toThrow('too many fields');
});
