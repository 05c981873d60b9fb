// What `npm start` does first on a fresh machine, whatever Node that has and whatever its folder is called; npm itself is a double.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub é '));
  mkdirSync(join(folder, 'scripts'));
  for (const file of ['package.json', 'package-lock.json', 'scripts/prepare.mjs'])
    copyFileSync(join(ROOT, file), join(folder, file));
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$@" >> "$(dirname "$0")/asked"\n`);
  chmodSync(join(folder, 'npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What npm is asked for on a machine with this Node. */
function askedOn(node: string): string {
  const preload = join(folder, 'preload.mjs');
  writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '${node}' });`);
  const args = ['--import', pathToFileURL(preload).href, join(folder, 'scripts/prepare.mjs'), '--quiet'];
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  execFileSync(process.execPath, args, { env });
  return readFileSync(join(folder, 'asked'), 'utf8');
}

it.each(['24.21.0', '26.0.0'])('installs with the npm there is on Node %s', (node) => {
  expect(askedOn(node)).toMatch(/^ci /);
});

// Debian 12 and Ubuntu 24.04 have 18; binaries that are built for 22.12 and later are left out on 22.0.
it.each(['18.19.1', '20.20.2', '22.0.0'])('installs on the Node of token-hub where the machine has %s', (node) => {
  expect(askedOn(node)).toMatch(/^exec --yes --package=node@24\.\d+\.\d+ -- npm ci /);
});
