// A Compose file as Docker Compose understands it: merge keys, variables, `extends`. Knows as much of the specification as our files use,
// and refuses the rest.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const DOCKER_FOLDER = fileURLToPath(new URL('../../../docker/', import.meta.url));

/** What compose.cluster.yaml can't do without. */
export const PASSWORDS = {
  KURRENTDB_ADMIN_PASSWORD: 'first',
  KURRENTDB_OPS_PASSWORD: 'second',
  KURRENTDB_PASSWORD: 'fifth',
  MONGODB_ROOT_PASSWORD: 'third',
  MONGODB_PASSWORD: 'fourth',
};

export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target?: string };
  readonly command?: readonly string[];
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

type Variables = Readonly<Record<string, string>>;
type Tree = { readonly [key: string]: unknown };

export const readText = (name: string): string => readFileSync(`${DOCKER_FOLDER}${name}`, 'utf8');
export const readEnvFile = (name: string): Variables => parseEnv(readText(name)) as Variables;

/** @throws Error naming a variable that has to be set and is not. */
export function readCompose(name: string, variables: Variables): ComposeFile {
  const file = readTree(name, variables);
  const services = Object.keys(file['services'] as Tree).map((service) => [
    service,
    serviceOf(file, service, variables),
  ]);
  return { networks: {}, volumes: {}, ...file, services: Object.fromEntries(services) as ComposeFile['services'] };
}

const readTree = (name: string, variables: Variables): Tree =>
  filledIn(parse(readText(name), { merge: true }), variables) as Tree;

function serviceOf(file: Tree, name: string, variables: Variables): Tree {
  const { extends: base, ...own } = (file['services'] as Record<string, Tree>)[name] ?? {};
  if (base === undefined) return own;
  const from = base as { readonly file: string; readonly service: string };
  return merged(serviceOf(readTree(from.file, variables), from.service, variables), own) as Tree;
}

/** https://github.com/compose-spec/compose-spec/blob/main/13-merge.md: mappings are merged, sequences appended, commands replaced. */
function merged(base: unknown, own: unknown, key = ''): unknown {
  if (own === undefined) return base;
  if (Array.isArray(base) && Array.isArray(own) && !['command', 'entrypoint', 'test'].includes(key)) {
    return [...(base as unknown[]), ...(own as unknown[])];
  }
  if (!isTree(base) || !isTree(own)) return own;
  const keys = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries([...keys].map((name) => [name, merged(base[name], own[name], name)]));
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

function filledIn(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return filledInText(value, variables);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, variables));
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, variables)]));
}

/** https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md */
const VARIABLE = /\$\$|\$\{(?<name>\w+):(?<operator>[-?+])(?<text>[^}]*)\}|\$/g;

export const variablesIn = (text: string): string[] =>
  [...text.matchAll(VARIABLE)].flatMap(({ groups }) => groups?.['name'] ?? []);

const filledInText = (text: string, variables: Variables): string =>
  text.replaceAll(VARIABLE, (whole, name?: string, operator?: string, other = '') => {
    if (whole === '$$') return '$';
    if (name === undefined) throw new Error(`a variable without a default or a reason: ${text}`);
    const value = variables[name] ?? '';
    if (operator === '+') return value === '' ? '' : other;
    if (value === '' && operator === '?') throw new Error(`${name}: ${other}`);
    return value === '' ? other : value;
  });
