// Both languages, loaded one namespace at a time: a folder's en.json and zh.json are the namespace of its name.
import { createInstance } from 'i18next';
import resourcesToBackend from 'i18next-resources-to-backend';
import { initReactI18next } from 'react-i18next';

const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
/** The translator of all pages. */
const i18n = createInstance();
/** What /api says: it speaks English itself. */
const ANSWERS = 'answers';
const KEPT_AS = 'token-hub-language';

const files = import.meta.glob<{ default: object }>('/src/**/{en,zh}.json');
const texts = new Map(Object.entries(files).map(([path, load]) => [path.split('/').slice(-2).join('/'), load]));

/** What was chosen here before, else the browser's own. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  const wanted = kept ?? navigator.language;
  return wanted.startsWith('zh') ? 'zh' : 'en';
}

const show = (language: string) => document.documentElement.setAttribute('lang', language === 'zh' ? 'zh-CN' : 'en');

/** Resolves when the texts of the first page are there. */
export async function startTranslation(): Promise<void> {
  i18n.on('languageChanged', show);
  await i18n
    .use(initReactI18next)
    .use(
      resourcesToBackend(
        (language: string, namespace: string) =>
          texts.get(`${namespace}/${language}.json`)?.() ??
          (namespace === ANSWERS ? Promise.resolve({}) : Promise.reject(new Error(`no texts of ${namespace}`))),
      ),
    )
    .init({
      lng: firstLanguage(),
      supportedLngs: LANGUAGES,
      fallbackLng: 'en',
      ns: ['app', 'ui', ANSWERS],
      defaultNS: 'app',
      interpolation: { escapeValue: false }, // React escapes
    });
}

/** Changes the language of the pages, and remembers it in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await i18n.changeLanguage(language);
}

export const currentLanguage = (): Language => (i18n.language === 'zh' ? 'zh' : 'en');

/** The locale by which dates and numbers are written. */
export const locale = (): string => (currentLanguage() === 'zh' ? 'zh-CN' : 'en-US');

/** What a sentence of /api is filled in with: what stands in quotes, amounts, instants and days, numbers. */
const FILLED = /"[^"]*"|“[^”]*”|-?\$-?[\d.]*\d|\d{4}-\d\d(?:-\d\d(?:T[\d:.]+Z)?)?|\d+(?:\.\d+)?/g;
const SENTENCES = { ns: ANSWERS, keySeparator: false, nsSeparator: false } as const;

/** Stands in a sentence for anything: names, and words of other programs. */
const ANYTHING = '{*}';

/** What /api said, in the language of the page: the very sentence where there are words for it, else what its code means. */
export function inWords(message: string, code = ''): string {
  if (currentLanguage() === 'en') return message;
  const key = [message.replaceAll(FILLED, '{}'), code].find((each) => each !== '' && i18n.exists(each, SENTENCES));
  const filled = Object.fromEntries(Array.from(message.matchAll(FILLED), ([text], index) => [index, text]));
  return key === undefined ? inLooseWords(message) : i18n.t(key, { ...SENTENCES, ...filled, message });
}

function inLooseWords(message: string): string {
  const sentences = Object.keys((i18n.getResourceBundle(currentLanguage(), ANSWERS) ?? {}) as object);
  for (const sentence of sentences.filter((each) => each.includes(ANYTHING))) {
    const found = patternOf(sentence).exec(message);
    if (found !== null) return i18n.t(sentence, { ...SENTENCES, ...found.slice(1) });
  }
  return message;
}

function patternOf(sentence: string): RegExp {
  const parts = sentence.split(ANYTHING).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 's');
}
