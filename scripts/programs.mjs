// Installs the programs that test/clients/programs runs into node_modules/.cache/programs, as its package-lock.json names them. They are
// large (1.8 GB), so they are not among the gateway's own packages. Does nothing when they are installed already.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'node_modules', '.cache', 'programs');
const stampFile = join(home, 'installed');
const sources = ['package.json', 'package-lock.json'].map((name) => join(root, 'test', 'clients', 'programs', name));
const stamp = sources.map((path) => readFileSync(path, 'utf8')).join('');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  mkdirSync(home, { recursive: true });
  for (const path of [...sources, join(root, '.npmrc')]) copyFileSync(path, join(home, path.split(/[/\\]/).at(-1)));
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', args, { cwd: home, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) {
    console.error(`programs: "npm ${args.join(' ')}" failed: ${done.error?.message ?? 'see above'}`);
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}
