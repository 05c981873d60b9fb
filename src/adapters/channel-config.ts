// The channels of this gateway from its configuration: a file, and one channel for each provider key that is set.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Config, ConfigurationError } from '../config.js';
import type { Channel } from '../proxy/index.js';

const MAKERS = ['openai', 'anthropic', 'google', 'deepseek', 'qwen', 'moonshot', 'zhipu', 'jina', '*'] as const;

const channelSchema = z.strictObject({
  name: z.string().min(1).max(100),
  baseUrl: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  format: z.enum(['openai', 'anthropic', 'gemini']).default('openai'),
  apiKey: z.string().min(1).optional(),
  /** The environment variable that holds the key, so that the file needs no secret. */
  apiKeyEnv: z.string().min(1).optional(),
  models: z.record(z.string(), z.string().min(1)).default({}),
  makers: z.array(z.enum(MAKERS)).default([]),
  order: z.int().default(0),
  weight: z.number().positive().default(1),
  servesRetired: z.boolean().default(false),
  responseHeaders: z.record(z.string().regex(/^x-[a-z0-9-]+$/), z.string()).default({}),
});

const fileSchema = z.strictObject({ channels: z.array(channelSchema).min(1).max(1_000) });

/** Providers by the variable of their key. */
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

/** @throws ConfigurationError naming every fault of the channels file. */
export function configuredChannels(config: Config, env: NodeJS.ProcessEnv): Channel[] {
  const presets = Object.entries(PRESETS).flatMap(([variable, preset]): Channel[] => {
    const apiKey = config[variable as keyof typeof PRESETS];
    return apiKey === undefined ? [] : [{ ...DEFAULTS, ...preset, apiKey }];
  });
  return [...(config.CHANNELS_FILE === undefined ? [] : readChannels(config.CHANNELS_FILE, env)), ...presets];
}

function readChannels(path: string, env: NodeJS.ProcessEnv): Channel[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigurationError(`CHANNELS_FILE=${path} can’t be read: ${(error as Error).message}`);
  }
  const result = fileSchema.safeParse(content);
  if (!result.success)
    throw new ConfigurationError(`CHANNELS_FILE=${path} can’t be used:\n${z.prettifyError(result.error)}`);
  return result.data.channels.map(({ apiKey, apiKeyEnv, ...channel }) => {
    const key = apiKey ?? (apiKeyEnv === undefined ? undefined : env[apiKeyEnv]);
    if (key) return { ...channel, apiKey: key };
    const missing = apiKeyEnv === undefined ? 'needs apiKey or apiKeyEnv' : `names ${apiKeyEnv}, which is not set`;
    throw new ConfigurationError(`CHANNELS_FILE=${path}: channel "${channel.name}" ${missing}`);
  });
}
