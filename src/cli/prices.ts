import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  checkPriceList,
  GetPriceLists,
  MODELS,
  type ModelPrices,
  type PriceListPublished,
  PublishPrices,
  startingPriceList,
} from '../pricing/index.js';
import { withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument } from './parse.js';
import { importCommand } from './prices-import.js';

export function priceCommands(): Command {
  const prices = new Command('prices').description('show, check and publish price lists');
  prices
    .command('show')
    .description(
      'the price list in force, in US dollars per million tokens; with --json as a file that can be published',
    )
    .option('--version <number>', 'another version', countArgument)
    .option('--model <id>', 'one model only')
    .action(show);
  prices.command('check <file>').description('name every fault of a price list file').action(check);
  prices
    .command('publish [file]')
    .description('publish a price list file, or the shipped catalogue without one')
    .option('--effective-from <instant>', 'when it comes into force; now without it')
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
      : `There is no price list ${version}.`,
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
      ({ when, price: { input, cachedInput, cacheWrite, output, reasoning } }) => ({
        model,
        prompt,
        when,
        input,
        cachedInput,
        cacheWrite,
        output,
        reasoning,
      }),
    );
  });

function check(file: string, _options: object, command: Command): void {
  const document = readDocument(file);
  const faults = checkPriceList({ effectiveFrom: new Date().toISOString(), ...document }, MODELS);
  printRows(
    command,
    faults.map((fault) => ({ ...fault })),
    `${file} can be published.`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

function publish(
  file: string | undefined,
  { effectiveFrom }: { effectiveFrom?: string },
  command: Command,
): Promise<void> {
  const document = file === undefined ? { models: startingPriceList() } : readDocument(file);
  return withContext(async ({ commands }) => {
    const list = await commands.execute(new PublishPrices(document.models, effectiveFrom));
    if (list === undefined) return printFields(command, { status: 'unchanged: the newest version has these prices' });
    printFields(command, {
      status: 'published',
      version: list.version,
      effectiveFrom: list.effectiveFrom,
      models: list.models.length,
    });
  });
}

/** Reads a file as `prices show --json` writes it: only its models count; version and dates are given anew. */
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
