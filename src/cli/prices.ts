import type { Command } from 'commander';
import {
  amountsOf,
  inForceAt,
  GetPriceLists,
  inForceUntil,
  listChanges,
  type ModelPrices,
  percentOf,
  type PriceVersion,
  type Rates,
  ratesIn,
  stateOf,
  timesOf,
  windowText,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument } from './parse.js';
import { importCommand } from './prices-import.js';
import { checkCommand, publishCommand, readPriceFile, withdrawCommand } from './prices-publish.js';

export function priceCommands(prices: Command): void {
  prices.command('list').description('every version: when it is in force, who published it and why').action(list);
  prices
    .command('show')
    .description(
      'show every rate of the price list in force, and its cost, in US dollars; --json prints a file that can be published',
    )
    .option('--version <number>', 'another version', countArgument)
    .option('--model <id>', 'one model only')
    .action(show);
  prices
    .command('diff')
    .argument('[from]', 'a version, or a file to compare with the version in force')
    .argument('[to]', 'another version or file')
    .description('what changes, rate by rate: from the version in force to the given one, or between the given two')
    .option('--model <id>', 'one model only')
    .action(diff);
  for (const command of [checkCommand(), publishCommand(), withdrawCommand(), importCommand()])
    prices.addCommand(command);
}

function list(_options: object, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const versions = await queries.execute(new GetPriceLists());
    const now = Date.now();
    const rows = versions.map((version) => ({
      version: version.version,
      state: stateOf(versions, version, now),
      effectiveFrom: version.effectiveFrom,
      until: version.withdrawn ? undefined : inForceUntil(versions, version),
      models: version.models.length,
      publishedAt: version.at,
      by: version.by,
      reason: version.reason,
      withdrawnAt: version.withdrawn?.at,
      withdrawnBy: version.withdrawn?.by,
      withdrawnBecause: version.withdrawn?.reason,
    }));
    printRows(command, rows, 'No price list was published yet. Publish one: tokenhub prices publish');
  });
}

function show({ version, model }: { version?: number; model?: string }, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const versions = await queries.execute(new GetPriceLists());
    const shown = version === undefined ? inForce(versions) : versionOf(versions, version);
    const models = shown.models.filter((entry) => model === undefined || entry.model === model);
    if (model !== undefined && models.length === 0)
      throw new UsageError(`Price list ${shown.version} has no price for "${model}".`);
    if (wantsJson(command)) return printJson({ ...shown, models });
    console.log(`Price list ${shown.version}, ${standing(versions, shown)}`);
    console.log('US dollars per million tokens, or per request, image, second or character');
    printRows(command, models.flatMap(priceRows), '');
  });
}

/** When a version is in force, in words. */
function standing(versions: readonly PriceVersion[], version: PriceVersion): string {
  const state = stateOf(versions, version, Date.now());
  if (version.withdrawn) return `withdrawn on ${version.withdrawn.at}: ${version.withdrawn.reason}`;
  const until = inForceUntil(versions, version);
  const words = {
    scheduled: 'scheduled, in force',
    in_force: 'in force',
    superseded: 'superseded, in force',
    withdrawn: '',
  };
  if (inForceAt(versions, Date.parse(version.effectiveFrom))?.version !== version.version)
    return `never in force: another version is from ${version.effectiveFrom} on`;
  return `${words[state]} from ${version.effectiveFrom}${until === undefined ? '' : ` until ${until}`}`;
}

function inForce(versions: readonly PriceVersion[]): PriceVersion {
  const version = inForceAt(versions, Date.now());
  if (version !== undefined) return version;
  throw new UsageError('No price list is in force. Publish one: tokenhub prices publish');
}

function versionOf(versions: readonly PriceVersion[], number: number): PriceVersion {
  const version = versions[number - 1];
  if (version !== undefined) return version;
  throw new UsageError(`There is no price list ${number}. The newest is ${versions.length}.`);
}

/** A row with the model, and below it one for each rate of a context band or time window: all that is charged, and what it costs us. */
const priceRows = ({ model, bands }: ModelPrices): TableRow[] => [
  { model, when: '', price: '', cost: '' },
  ...bands.flatMap((band) => {
    const prompt = band.promptTokens && Object.entries(band.promptTokens).flat().join(' ');
    return [undefined, ...timesOf(band)].flatMap((times) => {
      const { price, cost } = ratesIn(band, times);
      const [sale, purchase] = [amountsOf(price), amountsOf(cost)];
      const kinds = [...new Set([...Object.keys(price), ...Object.keys(cost)])] as (keyof Rates)[];
      const when = [prompt, times && windowText(times)].filter((part) => part !== undefined).join(', ');
      return kinds.map((kind) => ({ model: `  ${kind}`, when, price: sale[kind], cost: purchase[kind] }));
    });
  }),
];

function diff(
  first: string | undefined,
  second: string | undefined,
  { model }: { model?: string },
  command: Command,
): Promise<void> {
  return withContext(async (context) => {
    const [from, to] = await compared(context, first, second);
    const changes = listChanges(from.models, to.models)
      .filter((change) => model === undefined || change.model === model)
      .map((change) => ({ ...change, percent: percentOf(change) }));
    if (wantsJson(command)) return printJson({ from: from.name, to: to.name, changes });
    console.log(`From ${from.name} to ${to.name}, in US dollars:`);
    printRows(command, changes, 'No rate differs.');
  });
}

interface Named {
  readonly name: string;
  readonly models: readonly ModelPrices[];
}

/** The two lists to compare. With none given: what is in force, and what follows it, or else the newest. */
async function compared({ queries }: Context, first?: string, second?: string): Promise<[Named, Named]> {
  const versions = await queries.execute(new GetPriceLists());
  const read = (text: string): Named =>
    /^\d{1,9}$/.test(text)
      ? named(versionOf(versions, Number.parseInt(text, 10)))
      : { name: text, models: readPriceFile(text).models };
  if (first !== undefined && second !== undefined) return [read(first), read(second)];
  const present = inForce(versions);
  if (first !== undefined) return [named(present), read(first)];
  const next = inForceUntil(versions, present);
  if (next === undefined) throw new UsageError('No version is scheduled. Name a version or a file to compare with.');
  return [named(present), named(inForceAt(versions, Date.parse(next)) ?? present)];
}

const named = ({ version, models }: PriceVersion): Named => ({ name: `price list ${version}`, models });
