// What people write as `name=value`: the columns of a CSV, and names of models.
import { CSV_FIELDS, type CsvField, type CsvMapping } from './csv-bill.js';

/** @throws RangeError for a text without "=", or a name that is given twice */
export function readPairs(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at === -1 || name === '' || value === '') throw new RangeError(`"${text}" is not of the form name=value`);
    if (pairs.has(name)) throw new RangeError(`"${name}" is given twice`);
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
}

/** The columns of a CSV, as `day=Date`. @throws RangeError also for an unknown field */
export function readMapping(texts: readonly string[]): CsvMapping {
  const pairs = readPairs(texts);
  const unknown = Object.keys(pairs).find((name) => !CSV_FIELDS.includes(name as CsvField));
  if (unknown !== undefined)
    throw new RangeError(`"${unknown}" is no field of a bill. These are: ${CSV_FIELDS.join(', ')}`);
  return pairs;
}
