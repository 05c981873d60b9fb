// The catalogue of this gateway: the shipped models, and an operator's own from MODELS_FILE.
import { z } from 'zod';
import { type Config, ConfigurationError } from '../../platform/config.js';
import {
  Catalogue,
  checkPriceList,
  findModel,
  type Model,
  MODALITIES,
  MODEL_KINDS,
  modelPricesSchema,
  namesOf,
  SHIPPED,
  SOLD_BY,
} from '../../pricing/index.js';
import { readJsonFile } from './json-file.js';

/** Characters that need no escape in a URL or in CSV. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:/@+-]{0,199}$/, 'A model’s name has letters, digits and . _ : / @ + - only, at most 200.');
const tokens = z.int().max(1_000_000_000);
const day = z.iso.date({ error: 'A day is written as 2026-11-23.' });

const lifecycleSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('live') }),
  z.strictObject({ status: z.enum(['retiring', 'retired']), on: day, successor: name.optional() }),
]);

const modelSchema = z
  .strictObject({
    id: name,
    aliases: z.array(name).max(100).optional(),
    maker: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'A maker has small letters, digits and - only.'),
    name: z.string().min(1).max(100).optional(),
    kind: z.enum(MODEL_KINDS).default('chat'),
    contextWindow: tokens.min(1),
    maxOutputTokens: tokens.min(0),
    input: z.array(z.enum(MODALITIES)).min(1).default(['text']),
    output: z.array(z.enum(MODALITIES)).min(1).default(['text']),
    tokenLimitField: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
    imageTokens: tokens.min(0).default(0),
    soldBy: z.enum(SOLD_BY).optional(),
    pricedOnly: z.record(z.string(), z.string()).optional(),
    released: day.optional(),
    lifecycle: lifecycleSchema.default({ status: 'live' }),
    bands: modelPricesSchema.shape.bands,
  })
  .refine(({ contextWindow, maxOutputTokens }) => maxOutputTokens <= contextWindow, {
    error: 'A completion fits the context window: maxOutputTokens is at most contextWindow.',
    path: ['maxOutputTokens'],
  })
  .refine(({ input, imageTokens }) => imageTokens > 0 === input.includes('image'), {
    error: 'The most tokens one image counts as, exactly where "input" has "image": holds are placed by it.',
    path: ['imageTokens'],
  });

const fileSchema = z.strictObject({ models: z.array(modelSchema).max(1_000) });

/** @throws ConfigurationError naming every fault of the models file. */
export function configuredCatalogue({ MODELS_FILE: path }: Pick<Config, 'MODELS_FILE'>): Catalogue {
  if (path === undefined) return SHIPPED;
  const own = readJsonFile('MODELS_FILE', path, fileSchema).models.map(({ bands, ...model }): Model => ({
    ...model,
    name: model.name ?? model.id,
    prices: { bands, source: 'MODELS_FILE', asOf: '' },
  }));
  const catalogue = Catalogue.with(own);
  const faults = [...nameFaults(own), ...own.flatMap((model) => faultsOf(model, catalogue))];
  if (faults.length === 0) return catalogue;
  throw new ConfigurationError(`MODELS_FILE=${path} can’t be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

/** A model may take over an alias of a shipped model, but not its id: the shipped model would disappear unnoticed. */
function nameFaults(own: readonly Model[]): string[] {
  const ids = new Set(own.map(({ id }) => id));
  const names = own.flatMap(namesOf);
  const twice = names.filter((one, index) => names.indexOf(one) !== index);
  return [
    ...[...new Set(twice)].map((one) => `the name "${one}" is given twice.`),
    ...own.flatMap(({ id, aliases = [] }) =>
      aliases
        .filter((alias) => !ids.has(alias) && findModel(alias)?.id === alias)
        .map((alias) => `model "${id}": "${alias}" is the id of a shipped model, so it can’t be another’s alias.`),
    ),
  ];
}

function faultsOf({ id, lifecycle, prices, soldBy }: Model, catalogue: Catalogue): string[] {
  const successor = lifecycle.status === 'live' ? undefined : lifecycle.successor;
  const list = { effectiveFrom: '2000-01-01T00:00:00Z', models: [{ model: id, bands: prices.bands }] };
  return [
    ...(successor !== undefined && catalogue.find(successor) === undefined
      ? [`its successor "${successor}" is not a model of the catalogue.`]
      : []),
    ...checkPriceList(list, [{ id, ...(soldBy && { soldBy }) }]).map(
      ({ path, message }) => `${path.replace('models[0].', '')}: ${message}`,
    ),
  ].map((fault) => `model "${id}": ${fault}`);
}
