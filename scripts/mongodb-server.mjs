// Installs the MongoDB-compatible server of the tests into node_modules/.cache/mongodb-server: mongo-java-server from Maven
// Central, with a main class of ours. Needs a JDK (17 or later) and Maven. Does nothing when it is installed already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['pom.xml', 'MongoTestServer.java'].map((name) => join(root, 'test', 'support', 'mongodb', name));
const [pom, main] = sources;
const home = join(root, 'node_modules', '.cache', 'mongodb-server');
const stampFile = join(home, 'installed');
const libraries = join(home, 'lib', '*');

function run(command, ...args) {
  const done = spawnSync(command, args, { cwd: home, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status === 0) return;
  console.error(`mongodb-server: "${command} ${args.join(' ')}" failed: ${done.error?.message ?? 'see above'}`);
  process.exit(1);
}

const hash = createHash('sha256');
for (const source of sources) hash.update(readFileSync(source));
const stamp = hash.digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const copied = `-DoutputDirectory=${join(home, 'lib')}`;
  run('mvn', '-q', '-B', '-f', pom, 'dependency:copy-dependencies', copied, '-DincludeScope=runtime');
  run('javac', '-cp', libraries, '-d', join(home, 'classes'), main);
  writeFileSync(stampFile, stamp);
}

console.log(`mongodb-server: installed. The tests start it by themselves; by hand, on port 27017 and in memory:
  java -cp '${join(home, 'classes')}${delimiter}${libraries}' MongoTestServer 27017`);
