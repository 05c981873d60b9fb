// The Compose files, as far as they can be checked without Docker: by the specification's schema, and against the code they start.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { describeConfig, loadConfig } from '../../src/platform/config.js';
import {
  DOCKER_FOLDER,
  PASSWORDS,
  readCompose,
  readEnvFile,
  readText,
  type Service,
  variablesIn,
} from '../support/docker/compose.js';
import { readStages } from '../support/docker/dockerfile.js';

const FILES = ['compose.yaml', 'compose.cluster.yaml'];
const DEFAULTS = loadConfig({});
const KNOWN = describeConfig(DEFAULTS).map(({ name }) => name);
const image = readStages(readText('Dockerfile')).at(-1);

const isGateway = ([name]: [string, Service]): boolean => name.startsWith('gateway-');
const networksOf = ({ networks = [], network_mode: mode }: Partial<Service> = {}): string[] =>
  mode === undefined ? (Array.isArray(networks) ? [...(networks as string[])] : Object.keys(networks)) : [mode];
const sourcesOf = ({ volumes = [] }: Service): string[] => volumes.map((volume) => volume.split(':')[0] ?? '');

it('the image starts a gateway as `npm start` does', () => {
  const { scripts } = JSON.parse(readText('../package.json')) as { scripts: { start: string } };
  expect(image?.command?.join(' ')).toBe(scripts.start);
});

it.each([...FILES, 'services.yaml'])('%s is valid by the Compose specification', (name) => {
  // The other rules are of style: an order of keys, no image beside a build (two services share what is built once), and a project's name,
  // which services.yaml has from the files that use it.
  const rules = Object.fromEntries(
    [
      'no-build-and-image',
      'no-unbound-port-interfaces', // it does not see the default of a variable; below it is checked
      'require-project-name-field',
      'service-keys-order',
      'services-alphabetical-order',
      'service-dependencies-alphabetical-order',
      'top-level-properties-order',
    ].map((rule) => [rule, 0 as const]),
  );
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
  const [result] = linter.lintFiles([join(DOCKER_FOLDER, name)], false);
  expect(result?.messages).toEqual([]);
});

describe.each(FILES)('%s', (name) => {
  const { services, networks, volumes } = readCompose(name, PASSWORDS);
  const all = Object.entries(services);
  const gateways = all.filter(isGateway).map(([, service]) => service);

  it('waits only for services there are, and for the health only of those that have a check of it', () => {
    const waits = all.flatMap(([, { depends_on: others = {} }]) => Object.entries(others));
    const conditionsOf = (other: string): string[] => {
      const { healthcheck, build } = services[other] ?? {};
      if (services[other] === undefined) return [];
      const ofImage = build !== undefined && image?.health !== undefined && healthcheck?.disable !== true;
      const checked = healthcheck?.test !== undefined || ofImage;
      return checked ? ['service_healthy'] : ['service_completed_successfully'];
    };
    expect(waits.length).toBeGreaterThan(0);
    for (const [other, { condition }] of waits) expect(conditionsOf(other), other).toContain(condition);
  });

  it('declares every network and volume it uses, and no other', () => {
    const used = all.flatMap(([, service]) => sourcesOf(service)).filter((source) => /^\w/.test(source));
    expect(new Set(used)).toEqual(new Set(Object.keys(volumes)));
    const joined = all.flatMap(([, service]) => networksOf(service)).filter((network) => network !== 'none');
    expect(new Set(joined)).toEqual(new Set(Object.keys(networks)));
  });

  it('builds from and mounts what is there', () => {
    const mounted = all.flatMap(([, service]) => sourcesOf(service)).filter((source) => /^\W/.test(source));
    const built = all.flatMap(([, { build }]) => (build ? [build.context, join(build.context, build.dockerfile)] : []));
    const paths = [...mounted, ...built].map((path) => (path.startsWith('/') ? path : join(DOCKER_FOLDER, path)));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(built).toContain('../docker/Dockerfile');
  });

  it('names one release of each image', () => {
    const tags = all.filter(([, { build }]) => build === undefined).map(([, service]) => service.image.split(':')[1]);
    for (const tag of tags) expect(tag).toMatch(/^\d+\.\d+\.\d+(-alpine)?$/);
  });

  it('lets in only what comes by the load balancer, on this machine alone', () => {
    expect(all.flatMap(([service, { ports = [] }]) => ports.map((port) => [service, port]))).toEqual([
      ['load-balancer', '127.0.0.1:8080:8080'],
    ]);
    expect(networks['stores']).toEqual({ internal: true });
    const others = all.filter((entry) => !isGateway(entry) && entry[0] !== 'load-balancer');
    expect(networksOf(services['load-balancer'])).toEqual(['front']);
    for (const gateway of gateways) expect(networksOf(gateway)).toEqual(['front', 'stores']);
    for (const [service, other] of others) expect(['none', 'stores'], service).toContain(networksOf(other).join(' '));
  });

  it('gives what faces the network no rights', () => {
    const none = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };
    for (const service of [services['load-balancer'], ...gateways]) expect(service).toMatchObject(none);
  });

  it('sets variables that the gateway knows, to values that it takes', () => {
    expect(gateways.length).toBeGreaterThan(1);
    for (const { environment = {} } of gateways) {
      expect(Object.keys(environment).filter((variable) => !KNOWN.includes(variable))).toEqual([]);
      const config = loadConfig({ ...image?.env, ...environment });
      const { BODY_LIMIT_BYTES, REQUEST_TIMEOUT_MS } = DEFAULTS;
      expect(config).toMatchObject({ TRUST_PROXY: true, HOST: '0.0.0.0', BODY_LIMIT_BYTES, REQUEST_TIMEOUT_MS });
      expect(config.CHANNELS_FILE).toBeUndefined();
      expect(config.MODELS_FILE).toBeUndefined();
    }
  });

  it('lets no gateway be the administrator of a server', () => {
    for (const { environment = {}, depends_on: waits = {} } of gateways) {
      const { EVENT_STORE_URL: url = '', READ_MODEL_URL: readModels = '' } = environment;
      const [, user] = /\/\/([^:@]+):[^@]+@/.exec(url) ?? [];
      expect([user, /\/\/([^:@]+):[^@]+@/.exec(readModels)?.[1]]).not.toContain('admin');
      expect(readModels).not.toContain('root');
      if (user === undefined) continue; // where nobody is asked who calls
      expect(waits['event-store-user']).toEqual({ condition: 'service_completed_successfully' });
      const { command = [], environment: own = {} } = services['event-store-user'] ?? {};
      expect(command.at(-1)).toMatch(new RegExp(`tokenhub event-store-user ${user}$`));
      expect(url).toContain(`//${user}:${own['PASSWORD']}@`);
    }
  });

  it('gives a gateway longer to end than it takes', () => {
    const lastBytesMs = 5_000;
    const withoutEventStoreMs = 20_000;
    for (const { stop_grace_period: grace = '' } of gateways) {
      expect(parseInt(grace) * 1_000).toBeGreaterThan(DEFAULTS.SHUTDOWN_TIMEOUT_MS + lastBytesMs + withoutEventStoreMs);
    }
  });

  it('fills in every variable of the load balancer’s template, with every gateway', () => {
    const { environment = {} } = services['load-balancer'] ?? {};
    const template = [...readText('nginx/nginx.conf.template').matchAll(/\$\{(\w+)\}/g)].map(
      ([, variable]) => variable,
    );
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(template));
    const lines = all.filter(isGateway).map(([service]) => `server ${service}:${image?.env['PORT']} resolve;`);
    expect(environment['GATEWAYS']).toBe(lines.join(' '));
    expect(environment).toMatchObject({ BODY_LIMIT_BYTES: gateways[0]?.environment?.['BODY_LIMIT_BYTES'] });
    expect(environment).toMatchObject({ REQUEST_TIMEOUT_MS: gateways[0]?.environment?.['REQUEST_TIMEOUT_MS'] });
  });

  it('mounts a channels file and a models file where the gateway looks for them, when they are named', () => {
    const files = { CHANNELS_FILE: './channels.json', MODELS_FILE: './models.json' };
    const named = readCompose(name, { ...PASSWORDS, ...files });
    for (const { environment = {}, volumes: mounts = [] } of Object.entries(named.services)
      .filter(isGateway)
      .map(([, service]) => service)) {
      for (const [variable, file] of Object.entries(files))
        expect(mounts).toContain(`${file}:${environment[variable]}:ro`);
    }
  });
});

describe('the settings', () => {
  const used = [...FILES, 'services.yaml'].flatMap((file) => variablesIn(readText(file)));

  it('that Compose takes are all in .env.example, without a value', () => {
    const example = readEnvFile('.env.example');
    expect(new Set(Object.keys(example))).toEqual(new Set(used));
    expect(Object.values(example).filter((value) => value !== '')).toEqual([]);
  });

  it('of a gateway in gateway.env.example are ones that it knows', () => {
    const example = readEnvFile('gateway.env.example');
    expect(Object.keys(example).filter((variable) => !KNOWN.includes(variable))).toEqual([]);
    expect(Object.values(example).filter((value) => value !== '')).toEqual([]);
    const secrets = KNOWN.filter((variable) => variable.endsWith('_API_KEY'));
    expect(Object.keys(example)).toEqual(expect.arrayContaining(secrets));
  });

  it('without a password stop the cluster, by name', () => {
    for (const password of Object.keys(PASSWORDS)) {
      const without = { ...PASSWORDS, [password]: '' };
      expect(() => readCompose('compose.cluster.yaml', without)).toThrow(`${password}: Set it in docker/.env`);
    }
  });

  it('put the demo on a sandbox, and the cluster into production', () => {
    const gatewayOf = (file: string, variables = {}) => {
      const { build, environment } = readCompose(file, { ...PASSWORDS, ...variables }).services['gateway-1'] ?? {};
      return [environment?.['NODE_ENV'], build?.target ?? image?.name];
    };
    expect(gatewayOf('compose.yaml')).toEqual(['development', 'development']);
    expect(gatewayOf('compose.yaml', { NODE_ENV: 'production' })).toEqual(['production', 'production']);
    expect(gatewayOf('compose.cluster.yaml')).toEqual(['production', 'production']);
  });
});
