import { Command, InvalidArgumentError } from 'commander';
import { toInstant } from '../kernel/index.js';
import { installedPrices, type NamedPrices, pricesIn } from '../operations/index.js';
import { checkedMarkup, GetPriceLists, importInto, type PriceListImport } from '../pricing/index.js';
import { withContext } from './context.js';
import { textOf } from './files.js';
import { printFields, printJson, printRows, wantsJson } from './output.js';
import { instantArgument, several } from './parse.js';
import { publication, type PublicationOptions, publishedFields, withPublication } from './prices-publish.js';

interface Options extends PublicationOptions {
  readonly markup?: string;
  readonly effectiveFrom?: number;
  readonly model?: string[];
  readonly apply?: true;
}

export const importCommand = (): Command =>
  withPublication(new Command('import'))
    .argument('[file]', 'a data.json of genai-prices; by default that of the installed package')
    .description(
      'show what the provider prices of @pydantic/genai-prices would change in the price list in force, or publish that',
    )
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
    return checkedMarkup(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function run(file: string | undefined, options: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { source, name } = file === undefined ? await installedPrices() : fromFile(file);
    const { markup, effectiveFrom, model: only, apply } = options;
    const nowMs = Date.now();
    const atMs = effectiveFrom ?? nowMs;
    const versions = await context.queries.execute(new GetPriceLists());
    const found = importInto(versions, source, { nowMs, atMs, markup, only, catalogue: context.catalogue });
    const from = effectiveFrom === undefined ? undefined : toInstant(atMs);
    const published =
      apply && found.changes.length > 0
        ? await publication(context, found.models, from, { ...options, expect: options.expect ?? found.newest })
        : undefined;
    const fields = published && (await publishedFields(context, published));
    if (wantsJson(command)) {
      const { changes, left, notes, warnings } = found;
      return printJson({
        source: name,
        effectiveFrom: toInstant(atMs),
        changes,
        left,
        notes,
        warnings,
        published: published?.version ?? null,
        ...(fields && { publication: fields }),
      });
    }
    print(command, found, published === undefined);
    console.log(summaryOf(name, found, published?.version, apply));
    if (fields) printFields(command, fields);
  });
}

const fromFile = (file: string): NamedPrices => pricesIn(textOf(file), file);

function print(command: Command, { changes, left, notes, warnings }: PriceListImport, isDryRun: boolean): void {
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
  if (!isDryRun || warnings.length === 0) return;
  console.log('May be a mistake, and needs --yes:');
  for (const { message } of warnings) console.log(`  ${message}`);
}

function printBySentence(head: string, entries: readonly (readonly [sentence: string, model: string])[]): void {
  if (entries.length > 0) console.log(head);
  for (const [sentence, models] of Map.groupBy(entries, ([key]) => key))
    console.log(`  ${sentence}\n    ${models.map(([, model]) => model).join(', ')}`);
}

function summaryOf(name: string, { changes, left }: PriceListImport, published?: number, apply = false): string {
  const models = new Set(changes.map(({ model }) => model)).size;
  const sums = `${name}: ${models === 1 ? '1 model changes' : `${models} models change`}, ${left.length} unchanged.`;
  if (published !== undefined) return `${sums} Published as version ${published}.`;
  if (models === 0) return sums;
  return apply ? sums : `${sums} Nothing was published; add --apply to publish it.`;
}
