// The image's program: built from docker/Dockerfile's own steps, and started from exactly the files that its last stage has.
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPort } from '../support/network/own-port.js';
import { buildImages, type Image } from '../support/docker/image.js';
import { chat, jsonOf, request } from '../support/gateway/calls.js';
import { Running } from '../support/gateway/gateway-process.js';
import { RawClient } from '../support/gateway/raw-client.js';
import { readStream } from '../support/gateway/streams.js';
import { until } from '../support/gateway/until.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const BUILD_MS = 600_000;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}
const readLock = (path: string): Lock => JSON.parse(readFileSync(path, 'utf8')) as Lock;
const locked = readLock(join(REPOSITORY, 'package-lock.json')).packages;

let folder: string;
let images: readonly Image[];
/** What is built by default. */
let image: Image;
/** The one with sandboxes. */
let development: Image;
beforeAll(async () => {
  ({ folder, images } = await buildImages(REPOSITORY));
  [development, image] = images.slice(-2) as [Image, Image];
}, BUILD_MS);
afterAll(() => rm(folder, { recursive: true }));

/** Every file of an image, by its path in it, without those of packages. */
async function filesOf({ root }: Image): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => path.slice(root.length)).filter((path) => !path.startsWith('/app/node_modules/'));
}

describe('the image', () => {
  it('has the Node that the tests run on', () => {
    expect(images[0]?.name).toBe('base');
    const [from] = /^FROM \S+ AS base$/m.exec(readFileSync(join(REPOSITORY, 'docker/Dockerfile'), 'utf8')) ?? [];
    expect(from).toBe(`FROM node:${locked['node_modules/node']?.version}-bookworm-slim AS base`);
  });

  it('has the program and no more: no sources, no single modules, no specs, no tools', async () => {
    const isBuilt = (path: string) =>
      /^\/app\/dist\/(?:dashboard\/|src\/(?:main|cli|bundle\/[^/]+)\.js(?:\.map)?$)/.test(path);
    const others = (await filesOf(image)).filter((path) => !isBuilt(path));
    const theirs = ['bin/tokenhub', 'checker/statement-checker.html', 'dist/openapi.json', 'package.json'];
    expect(others.toSorted()).toEqual(theirs.map((path) => `/app/${path}`));
    expect((await filesOf(image)).filter((path) => path.includes('.spec.'))).toEqual([]);
  });

  it('has the packages of the lock file that are not for development, each in its version', () => {
    const installed = readLock(join(image.root, 'app/node_modules/.package-lock.json')).packages;
    const versions = ({ packages }: Lock) =>
      Object.fromEntries(Object.entries(packages).map(([path, { version }]) => [path, version]));
    const wanted = Object.entries(locked).filter(([path, { dev }]) => path !== '' && dev !== true && path in installed);
    expect(versions({ packages: installed })).toEqual(versions({ packages: Object.fromEntries(wanted) }));
    for (const name of Object.keys(JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')).dependencies)) {
      expect(installed).toHaveProperty([`node_modules/${name}`]);
    }
  });

  it('has no Swagger UI and no TypeScript: the build makes the OpenAPI document', async () => {
    const installed = Object.keys(readLock(join(image.root, 'app/node_modules/.package-lock.json')).packages);
    expect(installed.filter((path) => /swagger|typescript$/.test(path))).toEqual([]);
    const { paths } = JSON.parse(readFileSync(join(image.root, 'app/dist/openapi.json'), 'utf8')) as { paths: object };
    expect(paths).toHaveProperty(['/api/openapi.json', 'get', 'summary'], 'This document');
  });

  it('has no sandbox, and differs from the one for development in nothing else', async () => {
    const isSandbox = (path: string): boolean => path.startsWith('/app/dist/sandbox/');
    expect([development.name, image.name]).toEqual(['development', 'production']);
    const [ours, theirs] = [await filesOf(image), await filesOf(development)];
    expect(ours.filter(isSandbox)).toEqual([]);
    const stands = ['mailbox', 'provider', 'stripe'].map((name) => `/app/dist/sandbox/bundle/${name}.js`);
    expect(theirs.filter(isSandbox)).toEqual(expect.arrayContaining(stands));
    expect(theirs.filter((path) => !isSandbox(path))).toEqual(ours);
    expect({ ...development, name: '', root: '', steps: [] }).toEqual({ ...image, name: '', root: '', steps: [] });
  });

  it('does not run as root', () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });
});

/** An image's variables, for the machine of the tests: an address and a port of its own. And the demo, in place of a provider. */
async function environmentOf({ root, env }: Image): Promise<Record<string, string>> {
  const path = [join(root, 'app/bin'), dirname(process.execPath), process.env['PATH']].join(':');
  const variables = Object.entries(env).map(([name, value]) => [name, value.replace('sqlite:/', `sqlite:${root}/`)]);
  const own = { HOST: '127.0.0.1', PORT: String(await ownPort()), NODE_ENV: 'development', PATH: path };
  return { ...(Object.fromEntries(variables) as Record<string, string>), ...own };
}

const start = ({ root, workdir }: Image, command: readonly string[], env: Readonly<Record<string, string>>): Running =>
  new Running(command, env, join(root, workdir));

describe('the image’s program where something is not configured', () => {
  it.each([
    [
      'production',
      /No model provider .* OPENAI_API_KEY.*No payment provider .* STRIPE_SECRET_KEY.*No mail server .* SMTP_URL/s,
    ],
    ['development', /this installation has no sandbox .* Configure a model provider, Stripe and a mail server/],
  ])('says what is missing, and ends: NODE_ENV=%s', async (NODE_ENV, sentence) => {
    const program = start(image, image.command ?? [], { ...(await environmentOf(image)), NODE_ENV });
    expect(await program.end()).toBe(1);
    expect(program.stderr).toMatch(sentence);
  });
});

describe('the image’s program', () => {
  let env: Record<string, string>;
  let program: Running;
  let before: string[];
  let healthBefore: unknown;
  const inImage = (command: readonly string[]): Running => start(development, command, env);

  beforeAll(async () => {
    before = await filesOf(development);
    env = await environmentOf(development);
    healthBefore = await inImage(development.health ?? []).end();
    program = inImage(development.command ?? []);
    await program.printed(/listens on/);
  });
  afterAll(() => program.kill('SIGKILL'));

  it('answers that it is ready, and is healthy from then on', async () => {
    expect(healthBefore).toBe(1);
    const answer = await request(`http://127.0.0.1:${env['PORT']}/readyz`);
    expect(jsonOf(answer)).toMatchObject({ status: 'ready', checks: { eventStore: 'up', readModels: 'up' } });
    const check = inImage(development.health ?? []);
    expect({ ended: await check.end(), output: check.output }).toEqual({ ended: 0, output: '' });
  });

  it('has the command line beside it, by its name', async () => {
    const command = inImage(['tokenhub', '--json', 'account', 'create', '--credit', '5.00', '--reference', 'first']);
    expect({ ended: await command.end(), stderr: command.stderr }).toEqual({ ended: 0, stderr: '' });
    expect(JSON.parse(command.output)).toMatchObject({ credit: '5.00' });
  });

  it('writes nowhere but in its volume', async () => {
    const added = (await filesOf(development)).filter((path) => !before.includes(path));
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((path) => !path.startsWith('/data/'))).toEqual([]);
  });

  it('is no longer healthy when it is told to end, finishes its streams, and ends', async () => {
    const [key = ''] = /sk-th_\w+/.exec(program.output) ?? [];
    const body = chat('[[sandbox chunks=100 chunk_delay=100]]', { stream: true });
    const client = new RawClient(`http://127.0.0.1:${env['PORT']}`, key, body);
    await client.read();
    await until('the first chunk', () => client.text.includes('"role"'));
    program.signal('SIGTERM');
    await until('the check to fail', async () => (await inImage(development.health ?? []).end()) !== 0);
    expect(client.closed).toBe(false);
    await until('the end of the stream', () => client.closed);
    expect(readStream(client.text)).toMatchObject({ done: true, error: undefined });
    expect(await program.end()).toBe('SIGTERM');
  });
});
