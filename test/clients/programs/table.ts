// The section of docs/api.md that says which programs work, and how they are set up.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withSection } from '../section.js';
import type { Program } from './programs.js';

const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');

export function withPrograms(page: string, programs: readonly Program[]): string {
  const rows = [
    ['program', 'tested', 'calls', 'how it is set up'],
    ['---', '---', '---', '---'],
    ...programs.map((program) => [program.name, versionOf(program), `\`${program.endpoint}\``, program.setUp]),
  ];
  return withSection(page, 'programs', rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
}

/** As it is pinned. */
function versionOf({ from }: Program): string {
  if ('npm' in from) {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    return dependencies[from.npm] ?? '';
  }
  return new RegExp(`^${from.package}==(.+)$`, 'm').exec(read(`requirements-${from.venv}.txt`))?.[1] ?? '';
}
