// Estimates the number of pages of a PDF without parsing it: every page is an object marked as such (ISO 32000-2,
// 7.7.3.3), in the clear or in a compressed object stream. The count is for holds: it may be too high, and an
// unreadable file gets the maximum.
import { inflateSync } from 'node:zlib';

/** The most pages Anthropic reads in one request; Gemini reads 1,000, with fewer tokens each. */
export const MAX_PDF_PAGES = 600;

const PAGE = /\/Type\s*\/Page(?![A-Za-z])/g;
const COUNT = /\/Count\s+(\d{1,6})/g;
const OBJECT_STREAM = /\/Type\s*\/ObjStm\b/g;
/** Objects that inflate to more than this many times the file only cost time. */
const MAX_INFLATION = 64;

/** From 1 to `MAX_PDF_PAGES`. `base64` is the file. Takes time proportional to its size. */
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

/**
 * The number of page objects, or the count in a page tree if it is higher: a page may occur in a tree more than once.
 */
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

/** Undefined when the objects can't be inflated, or are too large. */
function inflated(bytes: Buffer, maxOutputLength: number): string | undefined {
  if (maxOutputLength < 1) return undefined;
  try {
    return inflateSync(bytes, { maxOutputLength }).toString('latin1');
  } catch {
    return undefined;
  }
}
