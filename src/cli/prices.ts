import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { configuredCatalogue } from '../adapters/index.js';
import { loadConfig } from '../platform/config.js';
import { fromInstant } from '../kernel/index.js';
import {
  checkPriceList,
  GetPriceLists,
  type ModelPrices,
  type PriceListPublished,
  PublishPrices,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument, instantTextArgument, textArgument } from './parse.js';
import { importCommand } from './prices-import.js';
import { actorOf, withActor } from './staff.js';

export function priceCommands(): Command {
  const prices = new Command('prices').description('show, check and publish price lists');
  prices
    .command('show')
    .description(
      'show the price list in force, in US dollars per million tokens; --json prints a file that can be published',
    )
    .option('--version <number>', 'another version', countArgument)
    .option('--model <id>', 'one model only')
    .action(show);
  prices.command('check <file>').description('report every fault in a price list file').action(check);
  withActor(prices.command('publish [file]'))
    .description('publish a price list file, or without one the catalogue at its makers’ list prices')
    .option('--missing', 'keep the newest list, and add the models of the catalogue that it lacks')
    .option(
      '--effective-from <instant>',
      'when it takes effect, an instant or a day; now by default',
      instantTextArgument,
    )
    .option('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .action(publish);
  prices.addCommand(importCommand());
  return prices;
}

function show({ version, model }: { version?: number; model?: string }, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const list = pick(await queries.execute(new GetPriceLists()), version);
    const models = list.models.filter((entry) => model === undefined || entry.model === model);
    if (model !== undefined && models.length === 0)
      throw new UsageError(`Price list ${list.version} has no price for "${model}".`);
    if (wantsJson(command)) return printJson({ ...list, models });
    console.log(`Price list ${list.version}, in force from ${list.effectiveFrom}`);
    printRows(command, models.flatMap(priceRows), '');
  });
}

function pick(lists: readonly PriceListPublished[], version: number | undefined): PriceListPublished {
  const now = new Date().toISOString();
  const list = version === undefined ? lists.findLast(({ effectiveFrom }) => effectiveFrom <= now) : lists[version - 1];
  if (list !== undefined) return list;
  throw new UsageError(
    version === undefined
      ? 'No price list is in force. Publish one: tokenhub prices publish'
      : `There is no price list ${version}. The newest is ${lists.length}.`,
  );
}

/** A row for each context band of a model, and one for each of its time windows. */
const priceRows = ({ model, bands }: ModelPrices): TableRow[] =>
  bands.flatMap(({ promptTokens, price, windows = [] }) => {
    const prompt = promptTokens === undefined ? '' : Object.entries(promptTokens).flat().join(' ');
    const times = windows.map(({ days = [], from, to, price: other }) => ({
      when: `${days.join(',')} ${from}-${to}`.trim(),
      price: other,
    }));
    return [{ when: '', price }, ...times].map(
      ({ when, price: { input, cachedInput, explicitCachedInput, cacheWrite, cacheWrite1h, output, reasoning } }) => ({
        model,
        prompt,
        when,
        input,
        cachedInput,
        explicitCachedInput,
        cacheWrite,
        cacheWrite1h,
        output,
        reasoning,
      }),
    );
  });

function check(file: string, _options: object, command: Command): void {
  const document = readDocument(file);
  const { models } = configuredCatalogue(loadConfig());
  const faults = checkPriceList({ effectiveFrom: new Date().toISOString(), ...document }, models);
  printRows(
    command,
    faults.map((fault) => ({ ...fault })),
    `${file} can be published.`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

interface PublishOptions {
  readonly effectiveFrom?: string;
  readonly missing?: true;
  readonly by?: string;
  readonly reason?: string;
}

function publish(file: string | undefined, options: PublishOptions, command: Command): Promise<void> {
  const { effectiveFrom, missing } = options;
  if (file !== undefined && missing) throw new UsageError('Give either a file or --missing, not both.');
  const document = file === undefined ? undefined : readDocument(file);
  return withContext(async (context) => {
    const act = { by: await actorOf(context, options.by), reason: options.reason };
    const atMs = effectiveFrom === undefined ? Date.now() : fromInstant(effectiveFrom);
    const models = document?.models ?? (await catalogued(context, atMs, missing));
    const list = await context.commands.execute(new PublishPrices(models, effectiveFrom, act));
    if (list === undefined)
      return printFields(command, { status: 'unchanged: the newest version already has these prices' });
    printFields(command, {
      status: 'published',
      version: list.version,
      effectiveFrom: list.effectiveFrom,
      models: list.models.length,
    });
  });
}

/** The catalogue at list prices; with `missing`, the newest list plus the models it lacks. */
async function catalogued({ catalogue, queries }: Context, atMs: number, missing = false): Promise<ModelPrices[]> {
  const starting = catalogue.startingPriceList(atMs);
  if (!missing) return starting;
  const newest = (await queries.execute(new GetPriceLists())).at(-1)?.models ?? [];
  const priced = new Set(newest.map(({ model }) => model));
  return [...newest, ...starting.filter(({ model }) => !priced.has(model))];
}

/** Reads a file in the format of `prices show --json`: only its models count; version and dates are assigned anew. */
function readDocument(file: string): { readonly models: readonly ModelPrices[] } {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} can’t be read as JSON: ${(error as Error).message}`);
  }
  const models = (document as { models?: unknown } | null)?.models;
  if (!Array.isArray(models))
    throw new UsageError(`${file} must hold an object with "models", as "tokenhub prices show --json" prints it.`);
  return { models };
}
