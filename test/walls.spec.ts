// The walls hold: in a small copy of the house, every wall is broken once, and the linter says so.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
const CONFIG = join(REPOSITORY, '.dependency-cruiser.mjs');
const tool = (name: string): string => join(REPOSITORY, 'node_modules/.bin', name);

/** Which folder of src may import which, as the configuration has it. */
const { FOLDERS } = (await import(CONFIG)) as { readonly FOLDERS: Readonly<Record<string, readonly string[]>> };
const folders = Object.keys(FOLDERS);
const mayNot = folders.flatMap((folder) =>
  folders
    .filter((other) => other !== folder && !FOLDERS[folder]?.includes(other))
    .map((other) => [folder, other] as const),
);

/** A violation: the file that is planted, the line that breaks the wall, and the rule that must name it. */
type Planted = readonly [rule: string, file: string, line: string];

const DIRECTIONS = mayNot.map(([folder, other]): Planted => [
  `${folder}-imports`,
  `src/${folder}/imports-${other}.ts`,
  `export * from '../${other}/index.js';`,
]);
const WALLS: readonly Planted[] = [
  ['every-folder-has-a-wall', 'src/new-folder/file.ts', `export * from '../kernel/index.js';`],
  ['through-the-index', 'src/payments/past-the-index.ts', `export * from '../identity/inner.js';`],
  ['through-the-index', 'src/payments/deep/past-the-index.ts', `export * from '../../identity/inner.js';`],
  ['ledger-imports', 'src/ledger/deep/platform.ts', `export * from '../../platform/http/index.js';`],
  ['ledger-imports', 'src/ledger/sandbox.ts', `export * from '../../sandbox/provider/index.js';`],
  ['proxy-imports', 'src/proxy/boot.ts', `export * from '../gateway.js';`],
  ['kernel-imports', 'src/kernel/type-only.ts', `export type * from '../ledger/index.js';`],
  ['sandbox-imports', 'sandbox/provider/ledger.ts', `export * from '../../src/ledger/index.js';`],
  ['sandbox-imports', 'sandbox/provider/config.ts', `export * from '../../src/platform/config.js';`],
  ['sandbox-only-when-needed', 'src/adapters/sandbox.ts', `export * from '../../sandbox/provider/index.js';`],
  ['pure-without-nest', 'src/kernel/nest.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/ledger/account.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/ledger/balances.projection.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/pricing/rate.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/event-store/projector.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/payments/topups/topup.state.ts', `export * from '@nestjs/common';`],
  ['pure-without-nest', 'src/payments/postings.ts', `export * from '@nestjs/cqrs';`],
  ['pure-without-nest', 'src/proxy/wire/nest.ts', `export * from '@nestjs/common';`],
  ['pure-without-io', 'src/proxy/wire/io.ts', `export * from 'node:fs';`],
  ['pure-without-io', 'src/ledger/io.ts', `export * from 'undici';`],
  ['wire-imports', 'src/proxy/wire/ledger.ts', `export * from '../../ledger/index.js';`],
  ['wire-imports', 'src/proxy/wire/deep/proxy.ts', `export * from '../../relay/index.js';`],
  ['no-cycle', 'src/keys/one.ts', `export * from './two.js';`],
  ['no-folder-cycle', 'src/account', `'src/account/one/a.ts' and 'src/account/two/b.ts'`],
  ['pages-apart', 'dashboard/src/features/usage/other.tsx', `export * from '../ledger/page.tsx';`],
  ['parts-know-no-page', 'dashboard/src/ui/page-of-a-feature.tsx', `export * from '../features/ledger/page.tsx';`],
  ['parts-know-no-page', 'dashboard/src/api/route.ts', `export * from '../app/router.ts';`],
  ['pages-over-the-api', 'dashboard/src/features/ledger/amount.ts', `export * from '../../../../src/kernel/index.js';`],
  ['proxy-imports', 'src/proxy/page.ts', `export * from '../../dashboard/src/app/router.js';`],
  ['sandbox-imports', 'sandbox/provider/page.ts', `export * from '../../dashboard/src/app/router.js';`],
  ['resolvable', 'src/demo/nowhere.ts', `export * from './nowhere-at-all.js';`],
];

/** What is there to be imported. */
const HOUSE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(folders.map((folder) => [`src/${folder}/index.ts`, 'export {};'])),
  'src/platform/http/index.ts': 'export {};',
  'src/platform/config.ts': 'export {};',
  'src/identity/inner.ts': 'export {};',
  'src/gateway.ts': 'export {};',
  'src/proxy/relay/index.ts': 'export {};',
  'sandbox/provider/index.ts': 'export {};',
  'dashboard/src/features/ledger/page.tsx': 'export {};',
  'dashboard/src/app/router.ts': 'export {};',
  'src/keys/two.ts': `export * from './one.js';`,
  'src/account/one/a.ts': `export * from '../two/b.js';`,
  'src/account/one/c.ts': 'export {};',
  'src/account/two/b.ts': `export * from '../one/c.js';`,
};

let house: string;
const plant = (path: string, text: string): void => {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), `${text}\n`);
};

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'token-hub-walls-'));
  copyFileSync(join(REPOSITORY, 'tsconfig.json'), join(house, 'tsconfig.json'));
  copyFileSync(join(REPOSITORY, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(house, 'node_modules'));
  for (const [path, text] of Object.entries(HOUSE)) plant(path, text);
});
afterAll(() => rmSync(house, { recursive: true }));

describe('the walls', () => {
  let found: readonly string[];
  beforeAll(() => {
    for (const [, path, line] of [...DIRECTIONS, ...WALLS]) if (/\.tsx?$/.test(path)) plant(path, line);
    const args = ['--config', CONFIG, '--output-type', 'json', 'src', 'sandbox', 'dashboard/src'];
    const { stdout } = spawnSync(tool('depcruise'), args, { cwd: house, encoding: 'utf8', maxBuffer: 2 ** 26 });
    const { summary } = JSON.parse(stdout) as {
      readonly summary: { readonly violations: readonly { rule: { name: string; severity: string }; from: string }[] };
    };
    found = summary.violations
      .filter(({ rule }) => rule.severity === 'error')
      .map(({ rule, from }) => `${rule.name} ${from}`);
  });

  it.each(mayNot)('%s may not import %s', (folder, other) =>
    expect(found).toContain(`${folder}-imports src/${folder}/imports-${other}.ts`),
  );

  it.each(WALLS)('%s: %s', (rule, path) =>
    expect(found.filter((violation) => violation.startsWith(`${rule} ${path}`))).not.toEqual([]),
  );

  it('let one folder after another stand on those before it', () => {
    const order = [...folders];
    for (const [folder, others] of Object.entries(FOLDERS)) {
      for (const other of others)
        expect(order.indexOf(other), `${folder} → ${other}`).toBeLessThan(order.indexOf(folder));
    }
  });

  it('leave no folder of the house without one', () => {
    const there = readdirSync(join(REPOSITORY, 'src'), { withFileTypes: true });
    const named = there.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(named.toSorted()).toEqual(folders.toSorted());
  });

  it('let what is allowed pass', () => {
    const innocent = Object.keys(HOUSE).filter((path) => path.endsWith('index.ts'));
    expect(found.filter((violation) => innocent.some((path) => violation.endsWith(` ${path}`)))).toEqual([]);
  });
});

describe('the rules of money and of the environment', () => {
  const MONEY = [
    'ledger',
    'pricing',
    'proxy/billing',
    'payments',
    'payments/topups',
    'account',
    'account/statements',
    'books',
    'operations/verify',
    'reconciliation',
    'rerating',
  ];
  const FLOATS = {
    number: `export const amount = Number('1');`,
    'parse-float': `export const amount = parseFloat('1');`,
    round: `export const amount = Math.round(1.5);`,
    floor: `export const amount = Math.floor(1.5);`,
    random: `export const amount = Math.random();`,
    'to-fixed': `export const amount = (1.5).toFixed(2);`,
    environment: `export const amount = process.env['PRICE'];`,
  };
  const planted = MONEY.flatMap((folder) =>
    Object.entries(FLOATS).map(([name, line]) => [`src/${folder}/${name}.ts`, line] as const),
  );
  let found: string;
  beforeAll(() => {
    for (const [path, line] of planted) plant(path, line);
    plant('src/cli/environment.ts', FLOATS.environment);
    const { stdout } = spawnSync(tool('oxlint'), ['--format', 'unix', 'src'], {
      cwd: house,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    found = stdout;
  });

  it.each(planted)('%s: %s', (path) => expect(found).toMatch(new RegExp(`${path}:1:\\d+: .*restricted`)));
  it('no other file reads the environment', () =>
    expect(found).toMatch(/src\/cli\/environment\.ts:1:\d+: .*restricted/));
});

it('the gate holds them', () => {
  const script = execFileSync('node', ['-p', `require('./package.json').scripts.check`], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  expect(script).toMatch(/\bdepcruise src sandbox\b.*\boxlint --deny-warnings\b/);
});
