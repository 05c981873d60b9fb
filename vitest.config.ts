import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import type { Mode } from './test/support/gateway/mode.js';
import { hasMongoServer } from './test/support/mongodb/mongodb-server.js';

/** Specs of whole gateways: they run in every mode (test/support/gateway/mode.ts). */
const OF_GATEWAYS = 'test/{e2e,cli,clients,examples,fuzz}/**/*.spec.ts';

/** How the head of a spec says that it is about some modes only, and why: "// Modes: embedded, servers. A gateway has …". */
const MODES_LINE = /^\/\/ Modes: ([a-z-]+(?:, [a-z-]+)*)\. \w/m;
const MODES: readonly Mode[] = ['embedded', 'servers', 'two-gateways'];

const modesOf = new Map(globSync(OF_GATEWAYS, { cwd: import.meta.dirname }).map((file) => [file, modesIn(file)]));

function modesIn(file: string): readonly Mode[] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const named = MODES_LINE.exec(text)?.[1]?.split(', ');
  if (named === undefined && /^\/\/.*\bModes: /m.test(text)) {
    throw new Error(`${file} names its modes otherwise than in a line such as "// Modes: embedded. A reason"`);
  }
  if (named?.some((name) => !MODES.includes(name as Mode))) {
    throw new Error(`${file} names a mode that does not exist; there are ${MODES.join(', ')}`);
  }
  return (named as readonly Mode[] | undefined) ?? MODES;
}

function inMode(mode: Mode, setup: { globalSetup?: string; setupFiles?: string } = {}): TestProjectInlineConfiguration {
  const exclude = [...modesOf].flatMap(([file, modes]) => (modes.includes(mode) ? [] : [file]));
  // Some start half a dozen processes, and take a minute and a half where the machine is slow.
  const timeouts = { testTimeout: 240_000, hookTimeout: 240_000 };
  return {
    extends: true,
    test: { name: mode, include: [OF_GATEWAYS], exclude, provide: { mode }, ...timeouts, ...setup },
  };
}

/** Two cores, and tests that spend half of their time waiting for servers, disks and clocks. */
const MOST_WORKERS = 4;
/** With four, browsers are too slow for their limits: they go last, by themselves. */
const BROWSERS = { maxWorkers: 3, sequence: { groupOrder: 1 } };

/** For what never comes: a busy machine takes seconds for what usually takes milliseconds. */
const PATIENCE_MS = 20_000;

/** The day of the last commit: whoever tests it tries the same random cases, and every day tries others. */
function seed(): string {
  try {
    const day = execFileSync('git', ['log', '-1', '--format=%cs'], { cwd: import.meta.dirname, encoding: 'utf8' });
    return day.trim().replaceAll('-', '');
  } catch {
    return '1'; // no repository
  }
}

const globalSetup = 'test/support/mongodb/global-setup.ts';
const onServers = [
  inMode('servers', { globalSetup }),
  inMode('two-gateways', { globalSetup, setupFiles: 'test/support/setup-two-gateways.ts' }),
];

export default defineConfig({
  // Annotations are the real ones here, as specs run from the sources (package.json, "imports").
  ssr: { resolve: { conditions: ['openapi', 'module', 'node', 'development|production'] } },
  test: {
    environment: 'node',
    env: {
      // Programs that tests start, hundreds of them, compile nothing twice.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile'),
      SEED: process.env['SEED'] ?? seed(),
    },
    // Specs of one worker share what they import: Nest and the clients take a second to load.
    isolate: false,
    setupFiles: ['test/support/setup.ts'],
    maxWorkers: MOST_WORKERS,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['{src,sandbox,test}/**/*.spec.ts'],
          exclude: [OF_GATEWAYS, 'test/browser/**'],
        },
      },
      {
        extends: false,
        root: join(import.meta.dirname, 'dashboard'),
        test: {
          name: 'dashboard',
          include: ['{src,test}/**/*.spec.{ts,tsx}'],
          environment: 'jsdom',
          maxWorkers: MOST_WORKERS,
          testTimeout: 120_000,
          setupFiles: ['test/setup.ts'],
          isolate: false,
        },
      },
      inMode('embedded'),
      {
        ...inMode('embedded'),
        test: { ...inMode('embedded').test, name: 'browser', include: ['test/browser/**/*.spec.ts'], ...BROWSERS },
      },
      ...(hasMongoServer ? onServers : []),
    ],
  },
});
