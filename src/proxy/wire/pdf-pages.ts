// How many pages a PDF has, without reading it: every page is an object that says so (ISO 32000-2, 7.7.3.3), in the clear or in a
// compressed object stream. A count for holds, not a parser: it may be too high, and a file it can't see into has the most pages taken.
import { inflateSync } from 'node:zlib';

/** The most pages Anthropic reads in one request; Gemini reads 1,000, of fewer tokens each. */
export const MAX_PDF_PAGES = 600;

const PAGE = /\/Type\s*\/Page(?![A-Za-z])/g;
const COUNT = /\/Count\s+(\d{1,6})/g;
const OBJECT_STREAM = /\/Type\s*\/ObjStm\b/g;
/** Objects that inflate to more than this many times the file are there to cost time. */
const MAX_INFLATION = 64;

/** From 1 to `MAX_PDF_PAGES`. `base64` is the file. Takes time in proportion to its size. */
export function pdfPages(base64: string): number {
  const file = Buffer.from(base64, 'base64').toString('latin1');
  let pages = pagesIn(file);
  let room = file.length * MAX_INFLATION;
  for (const stream of objectStreams(file)) {
    const objects = inflated(stream, room);
    if (objects === undefined) return MAX_PDF_PAGES;
    room -= objects.length;
    pages += pagesIn(objects);
  }
  return pages === 0 ? MAX_PDF_PAGES : Math.min(pages, MAX_PDF_PAGES);
}

/** Pages that say so, or as many as a page tree says it has: a page may stand in it more than once. */
function pagesIn(text: string): number {
  let pages = text.match(PAGE)?.length ?? 0;
  for (const [, count] of text.matchAll(COUNT)) pages = Math.max(pages, Number(count));
  return pages;
}

/** The compressed bytes of the file's object streams. */
function* objectStreams(file: string): Generator<Buffer> {
  OBJECT_STREAM.lastIndex = 0;
  while (OBJECT_STREAM.test(file)) {
    const word = file.indexOf('stream', OBJECT_STREAM.lastIndex);
    const end = word === -1 ? -1 : file.indexOf('endstream', word + 1);
    if (end === -1) return;
    const start = file.indexOf('\n', word) + 1;
    const next = end + 1;
    yield Buffer.from(file.slice(start, end), 'latin1');
    OBJECT_STREAM.lastIndex = next;
  }
}

/** Undefined when the objects can't be inflated, or not to that size. */
function inflated(bytes: Buffer, maxOutputLength: number): string | undefined {
  if (maxOutputLength < 1) return undefined;
  try {
    return inflateSync(bytes, { maxOutputLength }).toString('latin1');
  } catch {
    return undefined;
  }
}
