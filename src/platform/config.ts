// The only reader of process.env: one schema makes one frozen object. `tokenhub config` prints it.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { bytesUnderWay, largestBodyFits, milliseconds, secret, wholeNumber } from './config-fields.js';
import { PAYMENT_VARIABLES, taxIsInvoiced } from './payment-variables.js';
import { wordsOf } from './schema-words.js';

// For every schema of this process.
z.config({ customError: wordsOf });

/** The release of this program, such as `0.1.0`. */
export const RELEASE = (
  JSON.parse(readFileSync(findPackageJSON(import.meta.url) ?? '', 'utf8')) as { readonly version: string }
).version;

/** Connection strings of a ledger. */
export const LEDGER_URL = /^(sqlite:.+|esdb(\+discover)?:\/\/.+)$/;

/** Connection strings of read models and documents. */
const READ_MODELS_URL = /^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/;

const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('production: no sandbox; the gateway does not start when something is missing'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every interface'),
  PORT: wholeNumber(0, 65_535).default(8080).describe('Port to listen on; 0 takes any free one'),
  TRUST_PROXY: z
    .stringbool()
    .default(false)
    .describe('true when a proxy of yours adds to X-Forwarded-For; its last entry is then the address of the client'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severity that is logged'),
  EVENT_STORE_URL: z
    .string()
    .regex(LEDGER_URL, 'must be sqlite:<path of a file> or esdb://…')
    .default('sqlite:data/events.db')
    .describe('Where the ledger lives: sqlite:<file>, or an EventStoreDB (KurrentDB) connection string, esdb://…'),
  LEDGER_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Files with the Ed25519 private keys of the ledger (PKCS#8 PEM), separated by commas: the first signs checkpoints and authenticates events, the others are earlier ones, or the public key of one that is lost (docs/audit.md). Unset, <ledger>.key beside a ledger that is a file, made at the first start; no seals with servers',
    ),
  CHECKPOINTS_URL: z
    .string()
    .regex(
      /^(?:file:|https?:\/\/|s3\+https?:\/\/)[^,\s]+(?:\s*,\s*(?:file:|https?:\/\/|s3\+https?:\/\/)[^,\s]+)*$/,
      'must be file:<folder>, s3+https://<key id>:<secret>@<host>/<bucket>/<prefix> or https://<webhook>, separated by commas',
    )
    .optional()
    .describe(
      'Where signed checkpoints of the ledger are written, outside it, separated by commas: file:<folder>, s3+https://<key id>:<secret>@<host>/<bucket>[/<prefix>][?region=<region>], https://<webhook>. Unset, the folder <ledger>.checkpoints beside a ledger that is a file',
    )
    .meta({ secret: true }),
  SEAL_EVERY_SECONDS: wholeNumber(1, 86_400)
    .default(60)
    .describe('How often a gateway signs a checkpoint of a ledger that has grown, in seconds'),
  READ_MODEL_URL: z
    .string()
    .regex(READ_MODELS_URL, 'must be sqlite:<path of a file> or mongodb://…')
    .default('sqlite:data/read-models.db')
    .describe('Where read models live (they can be thrown away and rebuilt): sqlite:<file> or mongodb://…'),
  PEOPLE_URL: z
    .string()
    .regex(READ_MODELS_URL, 'must be sqlite:<path of a file> or mongodb://…')
    .optional()
    .describe(
      'Where users and their sessions live (they can’t be rebuilt: back them up): sqlite:<file> or mongodb://…; unset, people.db beside the file of READ_MODEL_URL, or its MongoDB',
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: 'must be an address such as https://hub.example.com' })
    .regex(/^https?:\/\/[^/?#]+$/, 'must end after the host, without a slash')
    .optional()
    .describe(
      'Where people reach this gateway: the base of links in emails and from Stripe; unset, the address it listens on',
    ),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/.+$/, 'must be smtp://… or smtps://…')
    .optional()
    .describe(
      'The mail server: smtps://<user>:<password>@<host>:<port>; unset, a sandbox mailbox for this machine alone (not beside anything real)',
    ),
  MAIL_FROM: z
    .string()
    .regex(/^\P{Cc}+$/u, 'must be one line')
    .regex(/[^\s<@]@[^\s>@]/, 'must have an address: no-reply@example.com, or Example <no-reply@example.com>')
    .default('token-hub <no-reply@localhost>')
    .describe('Sender of emails'),
  ...PAYMENT_VARIABLES,
  CHANNELS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('JSON file with the channels to model providers (docs/start.md)'),
  MODELS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file with models of your own beside the shipped ones (docs/operating.md); the command line needs it, too',
    ),
  OPENAI_API_KEY: secret('Opens a channel to OpenAI'),
  ANTHROPIC_API_KEY: secret('Opens a channel to Anthropic'),
  GEMINI_API_KEY: secret('Opens a channel to Google (Gemini)'),
  DEEPSEEK_API_KEY: secret('Opens a channel to DeepSeek'),
  DASHSCOPE_API_KEY: secret('Opens a channel to Alibaba Cloud Model Studio (Qwen)'),
  MOONSHOT_API_KEY: secret('Opens a channel to Moonshot AI (Kimi)'),
  ZAI_API_KEY: secret('Opens a channel to Z.ai (GLM)'),
  JINA_API_KEY: secret('Opens a channel to Jina AI (reranking)'),
  KEY_REQUESTS_PER_MINUTE: wholeNumber(1, 10_000_000)
    .default(60)
    .describe('Requests per minute of a key that sets no limit of its own'),
  ACCOUNT_REQUESTS_PER_MINUTE: wholeNumber(1, 10_000_000)
    .default(600)
    .describe('Requests per minute of an account, over all its keys'),
  KEY_TOKENS_PER_MINUTE: wholeNumber(1, 1_000_000_000)
    .optional()
    .describe('Tokens per minute of a key that sets no limit of its own; unset, any number'),
  KEY_PARALLEL_REQUESTS: wholeNumber(1, 10_000)
    .optional()
    .describe(
      'Calls that a key may have under way at the same time, if it sets no limit of its own; unset, any number',
    ),
  BODY_LIMIT_BYTES: wholeNumber(1_024, 1_073_741_824).default(33_554_432).describe('Largest request body, in bytes'),
  BODIES_UNDER_WAY_BYTES: bytesUnderWay('Largest total of the bodies of all requests under way, in bytes'),
  ANSWERS_UNDER_WAY_BYTES: bytesUnderWay(
    'Total of the plain answers of all calls under way, in bytes, beyond which they wait for each other',
  ),
  MAX_CONNECTIONS: wholeNumber(16, 1_000_000)
    .optional()
    .describe(
      'Most connections that clients may have open; unset, as many as the limit of open files allows (ulimit -n)',
    ),
  CORS_ORIGINS: z
    .string()
    .regex(
      /^(\*|https?:\/\/[^/?#,*\s]+(\s*,\s*https?:\/\/[^/?#,*\s]+)*)$/,
      'must be origins such as https://app.example.com, separated by commas, or *',
    )
    .optional()
    .describe('Origins whose pages may call /v1 from browsers, separated by commas, or * for all; unset, none'),
  LOGIN_ATTEMPTS_PER_ADDRESS: wholeNumber(1, 10_000_000)
    .default(100)
    .describe(
      'Attempts that one network address may make in 15 minutes, of each kind: logins, registrations and the like',
    ),
  PEOPLE_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters: openssl rand -base64 32')
    .optional()
    .describe(
      'Encrypts the secrets of second factors, which must be set up again if it is lost. Required beside anything real (docs/start.md)',
    )
    .meta({ secret: true }),
  GOOGLE_CLIENT_ID: z.string().min(1).optional().describe('Lets people log in with Google; with GOOGLE_CLIENT_SECRET'),
  GOOGLE_CLIENT_SECRET: secret('Secret of the Google client'),
  GOOGLE_ISSUER: z
    .url({ protocol: /^https?$/ })
    .default('https://accounts.google.com')
    .describe('The OpenID Connect issuer of Google logins; another one is for tests'),
  RATE_LIMIT_TIMEOUT_MS: milliseconds(
    50,
    'Longest a call waits to be counted by a MongoDB that gateways share; then this gateway counts alone for a while',
  ),
  HTTPS_PROXY: z
    .url({ protocol: /^https?$/, message: 'must be http://<proxy>:<port>, perhaps with <user>:<password>@ before it' })
    .optional()
    .describe(
      'Proxy through which https addresses are reached: providers, Stripe, Google and checkpoints (docs/operating.md); https_proxy is the same',
    ),
  NO_PROXY: z
    .string()
    .optional()
    .describe(
      'Hosts that are reached without HTTPS_PROXY, with all below them, separated by commas: names and single addresses, no ranges such as 10.0.0.0/8; no_proxy is the same',
    ),
  UPSTREAM_CONNECT_TIMEOUT_MS: milliseconds(5_000, 'Longest wait for a connection to a provider'),
  // As patient as the SDKs of OpenAI and Anthropic (openai-python, DEFAULT_TIMEOUT). Healthy answers are silent for 330 s (github/copilot-cli#4286), and
  // what is given up is paid to the provider all the same.
  UPSTREAM_FIRST_BYTE_TIMEOUT_MS: milliseconds(600_000, 'Longest wait for the start of a provider’s answer'),
  UPSTREAM_IDLE_TIMEOUT_MS: milliseconds(600_000, 'Longest silence within a provider’s answer'),
  // The longest answers, of 128,000 tokens, take 20 minutes at the 9.2 ms a token seen there.
  REQUEST_TIMEOUT_MS: milliseconds(
    1_800_000,
    'Longest a request may take in all; its hold lives CLIENT_STALL_TIMEOUT_MS and 20 seconds longer',
  ),
  HOLD_TIMEOUT_MS: milliseconds(
    5_000,
    'Longest a request waits for its key to be looked up and its hold to be durable before it is refused with 503',
  ),
  OVERLOAD_DELAY_MS: milliseconds(
    10,
    'Longest this gateway itself may keep calls, without what stores and providers take; beyond that it refuses new ones with 503',
  ),
  CLIENT_STALL_TIMEOUT_MS: milliseconds(60_000, 'Longest a client may leave its answer unread before it is cut off'),
  CLIENT_GONE_TIMEOUT_MS: milliseconds(
    120_000,
    'Longest a stream, unlike a plain answer, is read on for its usage after its client has left, if the provider would go on',
  ),
  SHUTDOWN_TIMEOUT_MS: milliseconds(30_000, 'Longest that requests under way may take to finish at SIGTERM'),
});
const schema = variables.check(taxIsInvoiced, largestBodyFits);

export type Config = Readonly<z.infer<typeof schema>>;

/** Whether the ledger is a file that one gateway owns, rather than servers that many share. */
export const isEmbedded = ({ EVENT_STORE_URL }: Pick<Config, 'EVENT_STORE_URL'>): boolean =>
  EVENT_STORE_URL.startsWith('sqlite:');

/** The file of a store whose URL is `sqlite:<file>`. */
export const fileOf = (url: string): string => url.slice('sqlite:'.length);

/** Where users and sessions live. */
export function peopleUrl({ PEOPLE_URL, READ_MODEL_URL }: Pick<Config, 'PEOPLE_URL' | 'READ_MODEL_URL'>): string {
  if (PEOPLE_URL !== undefined || !READ_MODEL_URL.startsWith('sqlite:')) return PEOPLE_URL ?? READ_MODEL_URL;
  return `sqlite:${join(dirname(fileOf(READ_MODEL_URL)), 'people.db')}`;
}

/** The injection token of the configuration. */
export const CONFIG = Symbol('config');

/** A configuration that can't be used. The message names every variable at fault. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads the configuration. A variable that is empty or blank counts as unset. @throws ConfigurationError naming every fault. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const { https_proxy: HTTPS_PROXY, no_proxy: NO_PROXY } = set; // curl reads these alone, so containers often have no others
  const given: NodeJS.ProcessEnv = { ...(HTTPS_PROXY && { HTTPS_PROXY }), ...(NO_PROXY && { NO_PROXY }), ...set };
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const faults = result.error.issues.map(({ path, message }) => {
    const name = path.map(String).join('.');
    const value = isSecret(name) ? '(secret)' : JSON.stringify(hidePassword(given[name] ?? ''));
    return `  ${name}=${value}: ${message}`;
  });
  throw new ConfigurationError(
    `The configuration can’t be used:\n${faults.join('\n')}\nRun "npm run tokenhub -- config" for every variable and its meaning.`,
  );
}

/** A variable that a channels file names, such as the one with a provider's key; undefined when it is unset. */
export const environmentVariable = (name: string): string | undefined => process.env[name];

/** Sets a variable that a library reads by itself. */
export const setForLibraries = (name: string, value: string): unknown => (process.env[name] = value);

export interface ConfigVariable {
  readonly name: string;
  readonly meaning: string;
  readonly default: string;
  readonly value: string;
}

/** Every variable with its meaning, its default and its present value; secrets are hidden. */
export function describeConfig(config: Config): ConfigVariable[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const fallback = field.safeParse(undefined);
    const value = config[name as keyof Config];
    return {
      name,
      meaning: field.description ?? '',
      default: fallback.success && fallback.data !== undefined ? String(fallback.data) : '',
      value: value === undefined ? '' : isSecret(name) ? '(set)' : hidePassword(String(value)),
    };
  });
}

const isSecret = (name: string): boolean => schema.shape[name as keyof Config]?.meta()?.['secret'] === true;

const WITH_PASSWORD = /^([^:/]+:\/\/[^:@/?]*:).+@/s;
/** A password without a host behind it, which a URL parser would take for a port. */
const NO_PORT = /^([^:/]+:\/\/[^:@/?]*:)(?!\d+(?:[,/?]|$))[^,/?]+/;
const SECRET_OPTION = /([?&][^=&]*(?:password|token|secret|authmechanismproperties)[^=&]*=)[^&]*/gi;

/** Hides the password of a connection string, even of a malformed one. Other text stays as it is. */
export function hidePassword(url: string): string {
  const hidden = WITH_PASSWORD.test(url) ? url.replace(WITH_PASSWORD, '$1***@') : url.replace(NO_PORT, '$1***');
  return hidden.replace(SECRET_OPTION, '$1***');
}
