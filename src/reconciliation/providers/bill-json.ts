// Reads pages of a provider's API, as files: one page of JSON, a list of pages, or pages one after another, a line each.
import { z } from 'zod';
import { numbersAsText, withoutByteOrderMark } from '../../kernel/index.js';
import { UnreadableBill } from './bill.js';
import { wholeNumber } from './decimal.js';

/** A count: numbers are their text here. */
export const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(wholeNumber);

export interface BillFile {
  readonly name: string;
  readonly text: string;
}

/** The pages of a file, whose numbers are the text they were written as. @throws UnreadableBill */
export function pagesOf({ name, text: written }: BillFile): readonly unknown[] {
  const text = withoutByteOrderMark(written);
  const whole = attempt(() => parse(text));
  const found = whole.value ?? attempt(() => text.split('\n').filter(notEmpty).map(parse)).value;
  if (found === undefined) throw new UnreadableBill(`${name} can’t be read as JSON: ${whole.fault}`);
  return Array.isArray(found) ? found : [found];
}

const parse = (text: string): unknown => JSON.parse(text, numbersAsText) as unknown;
const notEmpty = (line: string): boolean => line.trim() !== '';

function attempt<T>(work: () => T): { readonly value?: T; readonly fault?: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** A page as its schema has it. @throws UnreadableBill that says what is wrong where */
export function readPage<T>(schema: z.ZodType<T>, page: unknown, name: string): T {
  const read = schema.safeParse(page);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new UnreadableBill(`${name} is no page of that API: ${first?.path.join('.')}: ${first?.message}.`);
}

/** The end of a list that was fetched page by page must be there. @throws UnreadableBill */
export function checkLastPages(ends: ReadonlyMap<string, boolean>): void {
  for (const [list, ended] of ends)
    if (!ended)
      throw new UnreadableBill(`The last page of ${list} is missing: every page says has_more. Fetch the rest too.`);
}
