// Makes what docker/Dockerfile makes, without Docker: each stage is a folder that stands for its root, and every step is read from the
// file. The base image is this machine's shell and npm, with the Node that runs the tests; packages are this repository's own ones.
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { readStages, type Stage, type Step } from './dockerfile.js';

export interface Image extends Stage {
  /** The folder that stands for its root. */
  readonly root: string;
}

interface Sources {
  readonly folder: string;
  /** Undefined for a stage, of which everything is copied. */
  readonly isIgnored?: (path: string) => boolean;
}

/** Where npm keeps which packages there are. */
const LOCK = '.package-lock.json';

/** Builds every stage of docker/Dockerfile in a temporary folder, for the caller to remove: the images' roots are in it. The last is the default. */
export async function buildImages(repository: string): Promise<{ folder: string; images: readonly Image[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-image-'));
  const context = await readContext(repository);
  const built: Image[] = [];
  for (const stage of readStages(await readFile(join(repository, 'docker/Dockerfile'), 'utf8'))) {
    const image = { ...stage, root: join(folder, String(built.length)) };
    const base = built.find(({ name }) => name === stage.from);
    if (base !== undefined) copyWhole(base.root, image.root);
    await mkdir(join(image.root, image.workdir), { recursive: true });
    for (const step of stage.steps) await perform(step, image, (name) => sourcesOf(name, built, context));
    built.push(image);
  }
  return { folder, images: built };
}

async function readContext(folder: string): Promise<Sources> {
  const rules = dockerignore.default().add(await readFile(join(folder, '.dockerignore'), 'utf8'));
  return { folder, isIgnored: (path) => path !== '' && rules.ignores(path) };
}

function sourcesOf(stage: string | undefined, built: readonly Image[], context: Sources): Sources {
  if (stage === undefined) return context;
  const image = built.find(({ name }) => name === stage);
  if (image === undefined) throw new Error(`there is no stage ${stage} to copy from`);
  return { folder: image.root };
}

async function perform(step: Step, image: Image, sources: (stage: string | undefined) => Sources): Promise<void> {
  if ('run' in step) {
    const workdir = join(image.root, image.workdir);
    return step.run === 'npm ci' ? install(workdir, sources(undefined).folder) : run(step.run, workdir);
  }
  const target = join(image.root, resolve(image.workdir, step.to));
  for (const source of step.copy) await copy(sources(step.from), source, step.to.endsWith('/') ? `${target}/` : target);
}

/** https://docs.docker.com/reference/dockerfile/#copy: of a folder its content is copied, a file goes into a target that ends in "/". */
async function copy({ folder, isIgnored }: Sources, source: string, target: string): Promise<void> {
  const from = join(folder, source);
  if (isIgnored?.(relative(folder, from))) throw new Error(`${source} is copied, but .dockerignore keeps it out`);
  const into = (await stat(from)).isFile() && target.endsWith('/') ? join(target, basename(source)) : target;
  await mkdir(dirname(into), { recursive: true });
  if (isIgnored === undefined) return copyWhole(from, into);
  await cp(from, into, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !isIgnored(relative(folder, path)),
  });
}

/**
 * `npm ci` in a folder with the repository's lock file has made the repository's own packages (scripts/prepare.mjs), which are linked: to
 * unpack 85,000 files again takes a minute. npm itself says whether it would install in this folder.
 */
async function install(workdir: string, repository: string): Promise<void> {
  run('npm ci --dry-run', workdir);
  const [from, into] = [join(repository, 'node_modules'), join(workdir, 'node_modules')];
  await mkdir(into);
  const names = (await readdir(from)).filter((name) => !name.startsWith('.') || name === '.bin');
  link('-t', into, ...names.map((name) => join(from, name)));
  // What npm writes anew when it prunes must be no link.
  await copyFile(join(from, LOCK), join(into, LOCK));
}

const copyWhole = (from: string, into: string): void => link('-T', from, into);

/** By the machine's own command: Node's takes six times as long for the packages, which are in each of the stages. */
function link(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('cp', ['-al', ...args]);
  if (status !== 0) throw new Error(`cp ${args.join(' ')} failed: ${String(stderr)}`);
}

/** What the surroundings of the tests would change: Docker gives none of it to a build. */
const OWN_TO_TESTS = /^(NODE_ENV|NODE_OPTIONS|VITEST.*|npm_lifecycle.*|npm_package.*|CI)$/;

function run(command: string, cwd: string): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_TO_TESTS.test(name)));
  const path = `${dirname(process.execPath)}:${env['PATH']}`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd, env: { ...env, PATH: path } });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}:\n${String(stdout)}${String(stderr)}`);
}
