import { expect, it } from 'vitest';
import { languageAskedFor } from './language.js';

it.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['zh-Hant-TW', 'zh'],
  ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
  ['fr-CH, fr;q=0.9, zh;q=0.7, en;q=0.4', 'zh'],
  ['en;q=0.2, ZH;q=0.8', 'zh'],
  ['zh;q=0, en', 'en'],
  ['zh;q=nonsense', 'en'],
  ['fr', 'en'],
  ['*', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a browser that asks for %s gets %s', (asked, language) => expect(languageAskedFor(asked)).toBe(language));
