import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { numbersAsText, toInstant, usd } from '../kernel/index.js';
import {
  GetPriceLists,
  importPrices,
  type PriceImport,
  type PriceSource,
  PublishPrices,
  readProvider,
  readProviders,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { printJson, printRows, UsageError, wantsJson } from './output.js';
import { instantArgument, several, textArgument } from './parse.js';
import { actorOf, withActor } from './staff.js';

const PACKAGE = '@pydantic/genai-prices';

interface Options {
  readonly markup?: string;
  readonly effectiveFrom?: number;
  readonly model?: string[];
  readonly apply?: true;
  readonly by?: string;
  readonly reason?: string;
}

export const importCommand = (): Command =>
  withActor(new Command('import'))
    .argument('[file]', 'a data.json of genai-prices; by default that of the installed package')
    .description(`show what the provider prices of ${PACKAGE} would change in the newest price list, or publish that`)
    .option('--markup <percent>', 'also set customer prices: cost plus this percentage; by default they stay', percent)
    .option(
      '--effective-from <instant>',
      'when it takes effect, and the date of the imported prices; now by default',
      instantArgument,
    )
    .option('--model <id>', 'only this model; repeatable', several)
    .option('--apply', 'publish it as a new version')
    .option('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
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
    const { markup, effectiveFrom: atMs = Date.now(), model: only, apply } = options;
    const list = await newest(context, only);
    const found = importPrices(list, source, { atMs, markup, only, catalogue: context.catalogue });
    const published =
      apply && found.changes.length > 0
        ? await publish(context, found, { ...options, at: toInstant(atMs) })
        : undefined;
    if (wantsJson(command)) {
      const { changes, left, notes } = found;
      return printJson({
        source: name,
        effectiveFrom: toInstant(atMs),
        changes,
        left,
        notes,
        published: published ?? null,
      });
    }
    print(command, found);
    console.log(summaryOf(name, found, published, apply));
  });
}

/** The list that a new version replaces, which may not be in force yet. */
async function newest({ queries }: Context, only: readonly string[] = []) {
  const list = (await queries.execute(new GetPriceLists())).at(-1);
  if (list === undefined)
    throw new UsageError('There is no price list to change yet. Publish one: tokenhub prices publish');
  const missing = only.find((id) => !list.models.some(({ model }) => model === id));
  if (missing !== undefined) throw new UsageError(`Price list ${list.version} has no "${missing}".`);
  return list.models;
}

async function publish(
  context: Context,
  { models }: PriceImport,
  { at, by, reason }: Pick<Options, 'by' | 'reason'> & { readonly at: string },
): Promise<number> {
  const act = { by: await actorOf(context, by), reason };
  const list = await context.commands.execute(new PublishPrices(models, at, act));
  if (list === undefined) throw new UsageError('The newest price list already has these prices.');
  return list.version;
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
