// Checks, publishes and withdraws versions of the price list.
import { Command } from 'commander';
import { formatUsd, fromInstant, Refused, toInstant } from '../kernel/index.js';
import {
  checkPriceList,
  GetPriceLists,
  inForceAt,
  inForceUntil,
  type ModelPrices,
  pricedOtherwise,
  type PriceListPublished,
  PublishPrices,
  warningsOf,
  WithdrawPrices,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { jsonOf } from './files.js';
import { printFields, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument, instantTextArgument, textArgument, versionOrNoneArgument } from './parse.js';
import { actorOf, withActor } from './staff.js';

/** What a person says when they publish. */
export interface PublicationOptions {
  readonly by?: string;
  readonly reason?: string;
  readonly expect?: number;
  readonly yes?: true;
}

/** The options of every command that publishes. */
export const withPublication = (command: Command): Command =>
  withActor(command)
    .option('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .option(
      '--expect <version>',
      'the newest version that you have seen, 0 for none: refused when there is a newer one',
      versionOrNoneArgument,
    )
    .option('--yes', 'publish it although it may be a mistake: the command has told you why');

export const checkCommand = (): Command =>
  new Command('check')
    .argument('<file>')
    .description('report every fault in a price list file, and warn of what is probably a mistake')
    .option('--effective-from <instant>', 'when it is to take effect; now by default', instantTextArgument)
    .action(check);

export const publishCommand = (): Command =>
  withPublication(new Command('publish'))
    .argument('[file]')
    .description('publish a price list file, or without one the catalogue at its makers’ list prices')
    .option('--missing', 'keep the list in force then, and add the models of the catalogue that it lacks')
    .option(
      '--effective-from <instant>',
      'when it takes effect, an instant or a day; now by default. In the past, charges since then keep their price',
      instantTextArgument,
    )
    .action(publish);

export const withdrawCommand = (): Command =>
  withActor(new Command('withdraw'))
    .argument('<version>', 'a version that is not in force yet', countArgument)
    .description('withdraw a scheduled version: calls are never priced by it')
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .action(withdraw);

function check(file: string, { effectiveFrom }: { effectiveFrom?: string }, command: Command): Promise<void> {
  const { models } = readPriceFile(file);
  return withContext(async ({ catalogue, queries }) => {
    const atMs = Date.now();
    const effectiveFromMs = effectiveFrom === undefined ? atMs : fromInstant(effectiveFrom);
    const faults = checkPriceList({ effectiveFrom: toInstant(effectiveFromMs), models }, catalogue.models);
    if (faults.length > 0) process.exitCode = 1;
    const versions = await queries.execute(new GetPriceLists());
    const warnings = faults.length > 0 ? [] : warningsOf({ models, effectiveFromMs, atMs }, versions, catalogue.models);
    const rows = [
      ...faults.map((fault) => ({ level: 'fault', ...fault })),
      ...warnings.map(({ code, model, message }) => ({ level: 'warning', path: model, code, message })),
    ];
    printRows(command, rows, `${file} can be published.`);
    if (warnings.length > 0 && !wantsJson(command)) console.log(`${file} can be published, with --yes.`);
  });
}

interface PublishOptions extends PublicationOptions {
  readonly effectiveFrom?: string;
  readonly missing?: true;
}

function publish(file: string | undefined, options: PublishOptions, command: Command): Promise<void> {
  const { effectiveFrom, missing } = options;
  if (file !== undefined && missing) throw new UsageError('Give either a file or --missing, not both.');
  const document = file === undefined ? undefined : readPriceFile(file);
  return withContext(async (context) => {
    const atMs = effectiveFrom === undefined ? Date.now() : fromInstant(effectiveFrom);
    const { models, newest } = document ?? (await catalogued(context, atMs, missing));
    const list = await publication(context, models, effectiveFrom, { ...options, expect: options.expect ?? newest });
    if (list === undefined)
      return printFields(command, { status: 'unchanged: these prices are in force from then already' });
    printFields(command, { status: 'published', ...(await publishedFields(context, list)) });
  });
}

/** Publishes as a command's options say. @throws UsageError with every warning that was not accepted */
export async function publication(
  context: Context,
  models: readonly ModelPrices[],
  effectiveFrom: string | undefined,
  { by, reason, expect: expected, yes: acceptWarnings }: PublicationOptions,
): Promise<PriceListPublished | undefined> {
  const act = { by: await actorOf(context, by), reason, expected, acceptWarnings };
  try {
    return await context.commands.execute(new PublishPrices(models, effectiveFrom, act));
  } catch (error) {
    if (!(error instanceof Refused) || error.rejection.code !== 'price_list_doubtful') throw error;
    const warnings = Object.values(error.rejection.details).map((warning) => `- ${warning}`);
    throw new UsageError(
      `Nothing was published, because it may be a mistake:\n${warnings.join('\n')}\nTo publish it all the same, repeat the command with --yes.`,
    );
  }
}

/** What a person wants to know of a version that they have just published. */
export async function publishedFields(context: Context, { version: number }: PriceListPublished): Promise<TableRow> {
  const versions = await context.queries.execute(new GetPriceLists());
  const version = versions[number - 1];
  if (version === undefined) throw new Error(`price list ${number} was published and is not there`);
  const { effectiveFrom, at, models } = version;
  const until = inForceUntil(versions, version);
  const fields = { version: number, effectiveFrom, ...(until !== undefined && { until }), models: models.length };
  if (effectiveFrom >= at) return fields;
  const otherwise = await pricedOtherwise(await context.caughtUpReadModels(), versions, version);
  if (otherwise.charges === 0) return { ...fields, chargesPricedOtherwise: 0 };
  const to = until === undefined || until > at ? at : until;
  return {
    ...fields,
    chargesPricedOtherwise: otherwise.charges,
    chargedForThem: formatUsd(otherwise.total),
    theyKeepTheirPriceUnless: `tokenhub rerate --from ${effectiveFrom} --to ${to} --price-list ${number}`,
  };
}

function withdraw(version: number, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.commands.execute(new WithdrawPrices(version, { by: await actorOf(context, by), reason }));
    const versions = await context.queries.execute(new GetPriceLists());
    const { effectiveFrom = '', withdrawn } = versions[version - 1] ?? {};
    const instead = inForceAt(versions, fromInstant(effectiveFrom))?.version;
    printFields(command, { status: 'withdrawn', version, ...withdrawn, effectiveFrom, inForceThenInstead: instead });
  });
}

/** A list to publish. */
interface Draft {
  readonly models: readonly ModelPrices[];
  /** The newest version when it was made, where it was made from one: another one in between may be what it would undo. */
  readonly newest?: number;
}

/** The catalogue at list prices; with `missing`, the list in force then plus the models it lacks. */
async function catalogued({ catalogue, queries }: Context, atMs: number, missing = false): Promise<Draft> {
  const starting = catalogue.startingPriceList(atMs);
  if (!missing) return { models: starting };
  const versions = await queries.execute(new GetPriceLists());
  const present = inForceAt(versions, atMs)?.models ?? [];
  const priced = new Set(present.map(({ model }) => model));
  return { models: [...present, ...starting.filter(({ model }) => !priced.has(model))], newest: versions.length };
}

/** Reads a file in the format of `prices show --json`: only its models count; version and dates are assigned anew. */
export function readPriceFile(file: string): Draft {
  const models = (jsonOf(file) as { models?: unknown } | null)?.models;
  if (!Array.isArray(models))
    throw new UsageError(`${file} must hold an object with "models", as "tokenhub prices show --json" prints it.`);
  return { models };
}
