// Whatever the documents name exists: files, sections, configuration variables, folders.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configurationDoc } from '../../scripts/configuration-doc.ts';
import { describeConfig, loadConfig } from '../../src/platform/config.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const files = execFileSync('git', ['ls-files'], { cwd: REPOSITORY, encoding: 'utf8' }).trim().split('\n');
const names = new Set(files.map((file) => basename(file)));
const textOf = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

/** CHANGELOG.md names files of older releases. The handbook is the data of an example. */
const documents = files.filter(
  (file) => file.endsWith('.md') && file !== 'CHANGELOG.md' && !file.includes('handbook/'),
);

const withoutCode = (text: string): string => text.replaceAll(/^ *```.*?^ *```/gms, '');
const inCode = (text: string): string[] => [...withoutCode(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The names of sections as links have them (https://docs.github.com/get-started/writing-on-github, "Section links"). */
const anchorsOf = (file: string): Set<string> =>
  new Set(
    [...withoutCode(textOf(file)).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe.each(documents)('%s', (document) => {
  const text = textOf(document);

  it('names files that exist', () => {
    const paths = inCode(text).flatMap(
      (code) => /^(?:src|sandbox|test|bench|scripts|docker|docs|examples)\/[\w./{},*-]*$/.exec(code) ?? [],
    );
    const known = (path: string): boolean =>
      /[*{]/.test(path)
        ? existsSync(join(REPOSITORY, dirname(path.split(/[*{]/)[0] + 'x')))
        : existsSync(join(REPOSITORY, path));
    expect(paths.filter((path) => !known(path) && !GENERATED.has(path))).toEqual([]);
  });

  it('names sources that exist', () => {
    const sources = inCode(text).flatMap((code) => /^[\w.-]+\.(?:ts|mjs)$/.exec(code) ?? []);
    expect(sources.filter((name) => !names.has(name))).toEqual([]);
  });

  it('links to files and sections that exist', () => {
    const links = [...withoutCode(text).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : normalize(join(dirname(document), path));
      return !existsSync(join(REPOSITORY, target)) || (anchor !== undefined && !anchorsOf(target).has(anchor));
    });
    expect(broken).toEqual([]);
  });
});

/** What a build or a person makes. */
const GENERATED = new Set(['docker/.env', 'docker/gateway.env']);

it('docs/configuration.md says what the schema of the configuration says', () => {
  expect(textOf('docs/configuration.md')).toBe(configurationDoc(describeConfig(loadConfig({}))));
});

it('docs/architecture.md has a line for every folder of src', () => {
  const folders = new Set(files.flatMap((file) => /^src\/([^/]+)\//.exec(file)?.[1] ?? []));
  const [layout = ''] = /^## The layout$.*?(?=^## )/ms.exec(textOf('docs/architecture.md')) ?? [];
  expect(new Set([...layout.matchAll(/^\| `([\w-]+)\/`/gm)].map(([, folder]) => folder))).toEqual(folders);
});
