// What /api says is shown in Chinese on Chinese pages: every code has its words there, and no page shows a sentence past them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const zh = JSON.parse(readFileSync(join(ROOT, 'dashboard/src/api/answers/zh.json'), 'utf8')) as Record<string, string>;

const sources = (folder: string, ending: RegExp): (readonly [string, string])[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !/\.spec\.tsx?$/.test(file))
    .map((file) => [`${folder}/${file}`, readFileSync(join(ROOT, folder, file), 'utf8')]);

/** How a refusal is made in the sources, and where its code stands. */
const REFUSALS = [
  /\brefuse\(\s*'\w+',\s*'(\w+)'/g,
  /\bnotFound\(\s*'(\w+)'/g,
  /\bconflict\(\s*'(\w+)'/g,
  /\binvalidRequest\([^;]*?,\s*(?:'\w+'|undefined|HEADER),\s*'(\w+)'/g,
  /\bnew ApiError\(\{[^}]*?\bcode: '(\w+)'/g,
];
const codesIn = (text: string): string[] =>
  REFUSALS.flatMap((made) => [...text.matchAll(made)].map(([, code = '']) => code));

it('every code of a refusal has Chinese words', () => {
  const codes = new Set(sources('src', /\.ts$/).flatMap(([, text]) => codesIn(text)));
  expect(codes.size).toBeGreaterThan(150);
  expect([...codes].filter((code) => zh[code] === undefined).toSorted()).toEqual([]);
});

it('a sentence that has Chinese words is one that the gateway says', () => {
  const said = sources('src', /\.ts$/)
    .map(([, text]) => text)
    .join('\n');
  const parts = (sentence: string): string[] =>
    sentence
      .replace(/^\{\}: /, '')
      .split(/\{\*?\}|[:.,] | from | in whole cents/)
      .map((part) => part.replace(/^[. ]+|[. ]+$/g, ''))
      .filter((part) => part.length > 8);
  const sentences = Object.keys(zh).filter((key) => key.includes(' '));
  expect(sentences.filter((sentence) => parts(sentence).some((part) => !said.includes(part)))).toEqual([]);
});

/** Sentences that are not of /api: what the browser found, and what a model answered. */
const OTHERS = [
  'dashboard/src/app/i18n.ts',
  'dashboard/src/api/failure.ts',
  'dashboard/src/features/usage/chat-stream.ts',
];

it('no page shows what /api said past its words', () => {
  const past = /\b(?:error|failure|refused|fault)\??\.message\b/g;
  const shown = sources('dashboard/src', /\.tsx?$/)
    .filter(([file]) => !OTHERS.includes(file))
    .flatMap(([file, text]) =>
      [...text.replaceAll(/inWords\([^)]*\)|new ApiFailure\([^)]*\)/g, '').matchAll(past)].map(
        ([found]) => `${file}: ${found}`,
      ),
    );
  expect(shown).toEqual([]);
});
