// Both languages have the same texts, with the same places for what is filled in.
import { describe, expect, it } from 'vitest';

const files = import.meta.glob<Record<string, unknown>>('/src/**/{en,zh}.json', { eager: true, import: 'default' });
const namespaces = Object.keys(files).flatMap((path) =>
  path.endsWith('/en.json') ? [path.slice(0, -'/en.json'.length)] : [],
);

/** Every text by its path, without the ending of a plural: Chinese has one form. */
function textsOf(part: unknown, path = ''): [string, string][] {
  if (typeof part === 'string') return [[path.replace(/_(?:one|other)$/, ''), part]];
  return Object.entries(part as object).flatMap(([key, value]) => textsOf(value, path === '' ? key : `${path}.${key}`));
}

const placesOf = (text: string): string[] => [...text.matchAll(/\{\{\s*([^,}\s]+)/g)].map(([, name = '']) => name);
const shapeOf = (part: unknown) =>
  new Map(
    textsOf(part).map(([path, text]) => [path, [...new Set(placesOf(text))].toSorted((a, b) => a.localeCompare(b))]),
  );

describe.each(namespaces)('%s', (namespace) => {
  it('says the same in both languages', () => {
    expect(shapeOf(files[`${namespace}/zh.json`])).toEqual(shapeOf(files[`${namespace}/en.json`]));
  });

  it('has no empty text', () => {
    const texts = [...textsOf(files[`${namespace}/en.json`]), ...textsOf(files[`${namespace}/zh.json`])];
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
