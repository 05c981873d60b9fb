// The languages in which token-hub speaks to people.

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that a browser asks for first, of those there are (Accept-Language: RFC 9110, section 12.5.4); else English. */
export function languageAskedFor(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').split(',', MOST_RANGES).map((range) => {
    const [tag = '', ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((each) => each.startsWith('q='))?.slice('q='.length);
    return { primary: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
  });
  const liked = ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  for (const { primary } of liked) {
    const language = LANGUAGES.find((each) => each === primary);
    if (language !== undefined) return language;
  }
  return 'en';
}

/** More than any browser sends. */
const MOST_RANGES = 20;
