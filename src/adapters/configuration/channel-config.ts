// The channels of this gateway from its configuration: a file, and one channel for each provider key that is set.
import { z } from 'zod';
import { givenSecret } from '../../platform/config-fields.js';
import { type Config, ConfigurationError, environmentVariable } from '../../platform/config.js';
import type { Catalogue } from '../../pricing/index.js';
import { ANY_MAKER, type Channel } from '../../proxy/index.js';
import { readJsonFile } from './json-file.js';

/** What a header can have: the name of the channel that answered is in one of each answer. */
const inHeader = z.string().regex(/^[ -~]*$/, 'Must be ASCII characters in one line, as answers have it in a header');

const channelSchema = z.strictObject({
  name: inHeader.min(1).max(100),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .regex(/^[a-z]+:\/\/[^/?#@]+(\/[^?#]*)?$/i, 'Must be a host and a path, without a user, a query or a fragment')
    .transform((url) => url.replace(/\/+$/, '')),
  format: z.enum(['openai', 'anthropic', 'gemini']).default('openai'),
  apiKey: givenSecret.optional(),
  /** The environment variable that holds the key, so that the file needs no secret. */
  apiKeyEnv: z.string().min(1).optional(),
  models: z.record(z.string(), z.string().min(1)).default({}),
  makers: z.array(z.string()).default([]),
  order: z.int().default(0),
  weight: z.number().positive().default(1),
  responses: z.union([z.boolean(), z.array(z.string().min(1))]).optional(),
  servesRetired: z.boolean().default(false),
  onDisconnect: z.enum(['cancels', 'continues']).optional(),
  responseHeaders: z.record(z.string().regex(/^x-[a-z0-9-]+$/), inHeader).default({}),
});

/** OpenAI has it; of the other providers, those whose channel says so. */
const OPENAI = 'https://api.openai.com/';

const fileSchema = z.strictObject({ channels: z.array(channelSchema).min(1).max(1_000) });

/** Providers, by the variable of their key. */
const PRESETS = {
  OPENAI_API_KEY: { name: 'openai', baseUrl: 'https://api.openai.com/v1', makers: ['openai'] },
  ANTHROPIC_API_KEY: {
    name: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    makers: ['anthropic'],
    format: 'anthropic',
  },
  GEMINI_API_KEY: {
    name: 'google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    makers: ['google'],
    format: 'gemini',
  },
  DEEPSEEK_API_KEY: { name: 'deepseek', baseUrl: 'https://api.deepseek.com', makers: ['deepseek'] },
  DASHSCOPE_API_KEY: {
    name: 'qwen',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    makers: ['qwen'],
  },
  MOONSHOT_API_KEY: { name: 'moonshot', baseUrl: 'https://api.moonshot.ai/v1', makers: ['moonshot'] },
  JINA_API_KEY: { name: 'jina', baseUrl: 'https://api.jina.ai/v1', makers: ['jina'] },
  ZAI_API_KEY: { name: 'zhipu', baseUrl: 'https://api.z.ai/api/paas/v4', makers: ['zhipu'] },
} as const satisfies Partial<
  Record<keyof Config, Pick<Channel, 'name' | 'baseUrl' | 'makers'> & Partial<Pick<Channel, 'format'>>>
>;

const DEFAULTS = {
  format: 'openai' as const,
  models: {},
  order: 0,
  weight: 1,
  servesRetired: false,
  responseHeaders: {},
};

/**
 * Names are unique, as circuits and the ledger know a channel by its name.
 * @throws ConfigurationError naming every fault of the channels file, and every name that is used twice
 */
export function configuredChannels(config: Config, catalogue: Catalogue): Channel[] {
  const presets = Object.entries(PRESETS).flatMap(([variable, preset]): Channel[] => {
    const apiKey = config[variable as keyof typeof PRESETS];
    const responses = preset.baseUrl.startsWith(OPENAI);
    return apiKey === undefined ? [] : [{ ...DEFAULTS, ...preset, responses, apiKey }];
  });
  const { CHANNELS_FILE: path } = config;
  const inFile = path === undefined ? [] : readChannels(path, catalogue);
  const isTaken = (name: string) =>
    inFile.some((channel) => channel.name === name) && presets.some((preset) => preset.name === name);
  for (const [variable, { name }] of Object.entries(PRESETS)) {
    if (isTaken(name))
      throw new ConfigurationError(
        `CHANNELS_FILE=${path} has a channel "${name}", and ${variable} opens one of that name, too. Give it another name in the file, or unset ${variable}.`,
      );
  }
  return [...inFile, ...presets];
}

function readChannels(path: string, catalogue: Catalogue): Channel[] {
  const { channels } = readJsonFile('CHANNELS_FILE', path, fileSchema);
  const names = channels.map(({ name }) => name);
  const faults = [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
    (name) => `  channel "${name}" is there more than once: give each a name of its own`,
  );
  const read = channels.map(({ apiKey, apiKeyEnv, responses, ...entry }): Channel => {
    const ids = Array.isArray(responses) ? responses.map((name) => catalogue.find(name)?.id ?? name) : responses;
    const channel = { ...entry, responses: ids ?? entry.baseUrl.startsWith(OPENAI) };
    const key = keyOf(apiKey, apiKeyEnv);
    const found = [...nameFaults(channel, catalogue), ...('fault' in key ? [key.fault] : [])];
    faults.push(...found.map((sentence) => `  channel "${channel.name}" ${sentence}`));
    return { ...channel, apiKey: 'fault' in key ? '' : key.apiKey };
  });
  if (faults.length > 0) throw new ConfigurationError(`CHANNELS_FILE=${path} can’t be used:\n${faults.join('\n')}`);
  return read;
}

/** The key of a channel, from its file or from the variable that this names. */
function keyOf(apiKey?: string, apiKeyEnv?: string): { readonly apiKey: string } | { readonly fault: string } {
  if (apiKey !== undefined) return { apiKey };
  if (apiKeyEnv === undefined) return { fault: 'needs apiKey or apiKeyEnv' };
  const value = environmentVariable(apiKeyEnv);
  if (!value) return { fault: `names ${apiKeyEnv}, which is not set` };
  const { data, error } = givenSecret.safeParse(value);
  return error === undefined ? { apiKey: data } : { fault: `names ${apiKeyEnv}, which ${error.issues[0]?.message}` };
}

/** A model that the catalogue lacks would be accepted, but serve nothing. */
function nameFaults(
  { models, makers, responses }: Pick<Channel, 'models' | 'makers' | 'responses'>,
  catalogue: Catalogue,
): string[] {
  const answered = Array.isArray(responses) ? (responses as readonly string[]) : [];
  const known = new Set([ANY_MAKER, ...catalogue.models.map(({ maker }) => maker)]);
  return [
    ...[...Object.keys(models), ...answered]
      .filter((name) => catalogue.find(name) === undefined)
      .map(
        (name) =>
          `names the model "${name}", which the catalogue does not have, so it has no price. Add it with its limits and prices in MODELS_FILE (docs/operating.md, "Models of your own"), or leave it out`,
      ),
    ...makers
      .filter((maker) => !known.has(maker))
      .map((maker) => `names the maker "${maker}", of which there is no model; there are ${[...known].join(', ')}`),
  ];
}
