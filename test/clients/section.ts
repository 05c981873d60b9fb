// The parts of docs/api.md that tests write: what stands between `<!-- name: start -->` and `<!-- name: end -->`.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect } from 'vitest';

const PAGE = fileURLToPath(new URL('../../docs/api.md', import.meta.url));

/** @throws Error when the page has no place for it */
export function withSection(page: string, name: string, text: string): string {
  const [opening, closing] = [`<!-- ${name}: start -->`, `<!-- ${name}: end -->`];
  const [start, end] = [page.indexOf(opening), page.indexOf(closing)];
  if (start === -1 || end < start) throw new Error(`the page has no section between ${opening} and ${closing}`);
  return `${page.slice(0, start + opening.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** Expects docs/api.md to be as `change` would have it; with `-u` it is made so. */
export async function expectPage(change: (page: string) => string): Promise<void> {
  const page = change(await readFile(PAGE, 'utf8'));
  const formatted = await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE });
  await expect(formatted).toMatchFileSnapshot(PAGE);
}
