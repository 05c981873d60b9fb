// Makes `npm start` and `npm test` work alone on a fresh clone: installs what package-lock.json names when it is
// not installed yet, and builds when the sources are newer than the build. Runs on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quiet = process.argv.includes('--quiet');
const say = (text) => quiet || console.error(`token-hub: ${text}`);

function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'ignore' : 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(`token-hub: "${command} ${args.join(' ')}" failed`);
    process.exit(done.status ?? 1);
  }
}

function digest(...files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Runs a step unless the stamp it left last time still says the same. */
function unlessDone(stampFile, stamp, step) {
  const path = join(root, stampFile);
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return;
  step();
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, stamp);
}

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? sources(path) : statSync(join(root, path)).isFile() ? [path] : [];
  });
}

unlessDone('node_modules/.token-hub-installed', digest('package.json', 'package-lock.json'), () => {
  say('installing dependencies (first run only) …');
  const install = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // An npm on an older Node leaves out, without a word, the binaries of packages that name a newer one.
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node.replace('^', '');
  const isOlder = Number.parseInt(process.versions.node, 10) < Number.parseInt(wanted, 10);
  const [command, ...args] = isOlder ? ['npm', 'exec', '--yes', `--package=node@${wanted}`, '--', ...install] : install;
  run(command, args);
});

if (process.argv.includes('--build')) {
  const common = ['package.json', 'package-lock.json'];
  const gateway = [
    ...sources('src').sort(),
    ...sources('sandbox').sort(),
    'scripts/bundle.ts',
    'scripts/openapi-document.ts',
    'tsconfig.json',
    'tsconfig.build.json',
  ];
  unlessDone('dist/.token-hub-built', digest(...common, ...gateway), () => {
    say('building …');
    run('npm', ['run', '--silent', 'build:gateway']);
  });
  // It lies within dist, which the gateway's build begins by emptying.
  const dashboard = [
    ...sources('dashboard')
      .filter((path) => path !== 'dashboard/src/api/schema.d.ts')
      .sort(),
    ...sources('examples').sort(),
    'scripts/compress-dashboard.ts',
    'dist/openapi.json',
  ];
  unlessDone('dist/dashboard/.token-hub-built', digest(...common, ...dashboard), () => {
    say('building the dashboard …');
    run('npm', ['run', '--silent', 'build:dashboard']);
  });
}
