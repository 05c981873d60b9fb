// What is said of input that a schema does not take, where the schema does not say it itself: the validation library's own words are for
// programmers.
import type { z } from 'zod';
import { countOf } from '../kernel/index.js';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int';

const counted = (count: number | bigint, origin: string): string =>
  origin === 'string' ? countOf(count, 'character') : countOf(count, 'entry', 'entries');

const oneOf = (values: readonly unknown[]): string =>
  `Must be ${values.length > 1 ? 'one of ' : ''}${values.map((value) => JSON.stringify(value)).join(', ')}`;

/** A clause that stands behind the path of what it is about; undefined leaves it to the library. */
export function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'Is missing' : `Must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (isNumber(issue.origin)) return `Must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
      return issue.minimum === 1 ? 'Must not be empty' : `Needs at least ${counted(issue.minimum, issue.origin)}`;
    case 'too_big':
      if (isNumber(issue.origin)) return `Must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
      return `Takes at most ${counted(issue.maximum, issue.origin)}`;
    case 'unrecognized_keys':
      return `Has what is not known here: ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_value':
      return issue.input === undefined ? 'Is missing' : oneOf(issue.values);
    case 'invalid_format':
      if (issue.format === 'url') return 'Must be an address such as https://host.example.com';
      return issue.format === 'regex' ? 'Is not in the form that it must have' : undefined;
    case 'invalid_union':
      if (issue.input === undefined) return 'Is missing';
      return Array.isArray(issue.options) ? oneOf(issue.options) : 'Is nothing that it may be';
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return undefined;
  }
}
