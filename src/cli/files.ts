// The files that commands read.
import { readFileSync } from 'node:fs';
import { withoutByteOrderMark } from '../kernel/index.js';
import { UsageError } from './output.js';

/** The text of a file, with its byte order mark if it has one. @throws UsageError when it can’t be read, or is in UTF-16 */
export function textOf(file: string): string {
  const bytes = bytesOf(file);
  const isUtf16 = bytes.length > 1 && [0xfffe, 0xfeff].includes(bytes.readUInt16BE(0));
  if (isUtf16) throw new UsageError(`${file} is in UTF-16 (“Unicode text”): save it as UTF-8.`);
  return bytes.toString('utf8');
}

/** The value in a file of JSON. @throws UsageError */
export function jsonOf(file: string, parse: (text: string) => unknown = JSON.parse): unknown {
  const text = textOf(file);
  try {
    return parse(withoutByteOrderMark(text));
  } catch (error) {
    throw new UsageError(`${file} can’t be read as JSON: ${(error as Error).message}`);
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} can’t be read: ${(error as Error).message}`);
  }
}
