import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PDF_PAGES, pdfPages } from './pdf-pages.js';

const pagesOf = (...parts: readonly (string | Buffer)[]): number =>
  pdfPages(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))).toString('base64'));

const PAGE = '3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n';
const TREE = (count: number): string => `2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count ${count} >>\nendobj\n`;

/** An object stream, as most writers since PDF 1.5 make them. */
const objectStream = (objects: string): readonly (string | Buffer)[] => {
  const bytes = deflateSync(Buffer.from(objects, 'latin1'));
  const head = `9 0 obj\n<< /Type /ObjStm /N 2 /First 10 /Length ${bytes.length} /Filter /FlateDecode >>\nstream\r\n`;
  return [head, bytes, '\nendstream\nendobj\n'];
};

describe('the pages of a PDF', () => {
  it('are counted where they stand in the clear', () => {
    expect(pagesOf('%PDF-1.4\n', TREE(3), PAGE, PAGE, PAGE)).toBe(3);
    expect(pagesOf('%PDF-1.4\n', '<</Type/Page/Parent 2 0 R>>')).toBe(1);
  });

  it('are counted in object streams', () => {
    expect(pagesOf('%PDF-1.5\n', ...objectStream(`${TREE(2)}${PAGE}${PAGE}`))).toBe(2);
    expect(pagesOf('%PDF-1.5\n', ...objectStream(PAGE), ...objectStream(PAGE + PAGE))).toBe(3);
  });

  it('are as many as the tree says, where a page stands in it more than once', () => {
    expect(pagesOf('%PDF-1.4\n', TREE(40), PAGE)).toBe(40);
  });

  it('are as many as can be, where they can’t be seen', () => {
    expect(pagesOf('%PDF-1.5\n', '9 0 obj << /Type /ObjStm >>\nstream\n', 'garbage', '\nendstream')).toBe(
      MAX_PDF_PAGES,
    );
    expect(pagesOf('no PDF at all')).toBe(MAX_PDF_PAGES);
    expect(pagesOf(TREE(99_999))).toBe(MAX_PDF_PAGES);
  });

  it('are as many as can be, where objects inflate without end', () => {
    expect(pagesOf('%PDF-1.5\n', ...objectStream(`${PAGE}${' '.repeat(1_000_000)}`))).toBe(MAX_PDF_PAGES);
  });

  it('take no longer to count in a file made to take long', () => {
    const began = performance.now();
    for (const word of ['/Type /ObjStm ', '/Type /ObjStm stream\n', '/Type ', '/Count ']) pagesOf(word.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('are from one to the most, whatever the file', () => {
    const words = fc.constantFrom('/Type /ObjStm', 'stream\n', 'endstream', '/Type /Page ', '/Count 7 ', '\n', 'x');
    const law = fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((all) => all.join('')),
      ),
      (file) => {
        const pages = pagesOf(file);
        expect(pages >= 1 && pages <= MAX_PDF_PAGES).toBe(true);
      },
    );
    fc.assert(law);
  });
});
