import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { numbersAsText, toInstant, usd } from '../kernel/index.js';
import {
  GetPriceLists,
  importPrices,
  inForceAt,
  type PriceImport,
  type PriceSource,
  readProvider,
  readProviders,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, UsageError, wantsJson } from './output.js';
import { instantArgument, several } from './parse.js';
import { publication, type PublicationOptions, publishedFields, withPublication } from './prices-publish.js';

const PACKAGE = '@pydantic/genai-prices';

interface Options extends PublicationOptions {
  readonly markup?: string;
  readonly effectiveFrom?: number;
  readonly model?: string[];
  readonly apply?: true;
}

export const importCommand = (): Command =>
  withPublication(new Command('import'))
    .argument('[file]', 'a data.json of genai-prices; by default that of the installed package')
    .description(`show what the provider prices of ${PACKAGE} would change in the price list in force, or publish that`)
    .option('--markup <percent>', 'also set customer prices: cost plus this percentage; by default they stay', percent)
    .option(
      '--effective-from <instant>',
      'when it takes effect, and the date of the imported prices; now by default',
      instantArgument,
    )
    .option('--model <id>', 'only this model; repeatable', several)
    .option('--apply', 'publish it as a new version')
    .action(run);

function percent(text: string): string {
  try {
    if (usd(text) < usd('-100')) throw new RangeError('below -100 %, prices would be negative');
  } catch (error) {
    throw new InvalidArgumentError(`"${text}" is not a percentage such as 12.5: ${(error as Error).message}`);
  }
  return text;
}

function run(file: string | undefined, options: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { source, name } = file === undefined ? await installed() : fromFile(file);
    const { markup, effectiveFrom, model: only, apply } = options;
    const atMs = effectiveFrom ?? Date.now();
    const { models, newest } = await inForceThen(context, atMs, only);
    const found = importPrices(models, source, { atMs, markup, only, catalogue: context.catalogue });
    const from = effectiveFrom === undefined ? undefined : toInstant(atMs);
    const published =
      apply && found.changes.length > 0
        ? await publication(context, found.models, from, { ...options, expect: options.expect ?? newest })
        : undefined;
    const fields = published && (await publishedFields(context, published));
    if (wantsJson(command)) {
      const { changes, left, notes } = found;
      return printJson({
        source: name,
        effectiveFrom: toInstant(atMs),
        changes,
        left,
        notes,
        published: published?.version ?? null,
        ...(fields && { publication: fields }),
      });
    }
    print(command, found);
    console.log(summaryOf(name, found, published?.version, apply));
    if (fields) printFields(command, fields);
  });
}

/** The list that a new version replaces from an instant on, and the newest version of all. */
async function inForceThen({ queries }: Context, atMs: number, only: readonly string[] = []) {
  const versions = await queries.execute(new GetPriceLists());
  const list = inForceAt(versions, atMs);
  if (list === undefined)
    throw new UsageError(`No price list is in force on ${toInstant(atMs)}. Publish one: tokenhub prices publish`);
  const missing = only.find((id) => !list.models.some(({ model }) => model === id));
  if (missing !== undefined) throw new UsageError(`Price list ${list.version} has no "${missing}".`);
  return { models: list.models, newest: versions.length };
}

interface Named {
  readonly source: PriceSource;
  readonly name: string;
}

/** Loaded on demand, because it is large. */
async function installed(): Promise<Named> {
  const { findProvider } = await import('@pydantic/genai-prices');
  const manifest = new URL('../package.json', import.meta.resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const source = (providerId: string) => {
    const provider = findProvider({ providerId });
    return provider === undefined ? undefined : understood(`${PACKAGE} ${version}`, () => readProvider(provider));
  };
  return { source, name: `${PACKAGE} ${version}` };
}

function fromFile(file: string): Named {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'), numbersAsText);
  } catch (error) {
    throw new UsageError(`${file} can’t be read as JSON: ${(error as Error).message}`);
  }
  const providers = understood(file, () => readProviders(document));
  return { source: (id) => providers.find((provider) => provider.id === id), name: file };
}

function understood<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [first] = error.issues;
    throw new UsageError(`${name} has prices in an unknown format: ${first?.path.join('.')}: ${first?.message}.`);
  }
}

function print(command: Command, { changes, left, notes }: PriceImport): void {
  const rows = changes.map((change) => ({ ...change }));
  printRows(command, rows, 'No price differs.');
  printBySentence(
    'Unchanged:',
    left.map(({ model, reason }) => [reason, model]),
  );
  printBySentence(
    'To know:',
    notes.map(({ model, note }) => [note, model]),
  );
}

function printBySentence(head: string, entries: readonly (readonly [sentence: string, model: string])[]): void {
  if (entries.length > 0) console.log(head);
  for (const [sentence, models] of Map.groupBy(entries, ([key]) => key))
    console.log(`  ${sentence}\n    ${models.map(([, model]) => model).join(', ')}`);
}

function summaryOf(name: string, { changes, left }: PriceImport, published?: number, apply = false): string {
  const models = new Set(changes.map(({ model }) => model)).size;
  const sums = `${name}: ${models === 1 ? '1 model changes' : `${models} models change`}, ${left.length} unchanged.`;
  if (published !== undefined) return `${sums} Published as version ${published}.`;
  if (models === 0) return sums;
  return apply ? sums : `${sums} Nothing was published; add --apply to publish it.`;
}
