// Charges a released hold: shows the result, and applies it on request.
import { Command, InvalidArgumentError } from 'commander';
import { eventsOf } from '../event-store/index.js';
import { formatUsd, fromInstant, type JsonObject, subtract } from '../kernel/index.js';
import {
  type AccountEventData,
  accountStream,
  ChargeByHand,
  type ChargeRow,
  charges,
  GetAccount,
  posted,
  readAccountEvent,
} from '../ledger/index.js';
import {
  compilePriceList,
  GetPriceLists,
  rate,
  readAnyUsage,
  type Usage,
  type UsageCounts,
  UsageFault,
  usageOf,
} from '../pricing/index.js';
import { type Context, withContext } from './context.js';
import { printFields, UsageError } from './output.js';
import { textArgument } from './parse.js';
import { actorOf, withActor } from './staff.js';

/** The counts, and their options. */
const COUNTS = {
  promptTokens: 'all input tokens, including those below',
  cachedTokens: 'input tokens read from the cache',
  explicitCachedTokens: 'cached tokens from a cache that the request had marked',
  cacheWriteTokens: 'input tokens written to the cache for 5 minutes',
  cacheWrite1hTokens: 'input tokens written to the cache for 1 hour',
  completionTokens: 'all output tokens, including those below',
  reasoningTokens: 'reasoning tokens',
} as const satisfies Partial<Record<keyof UsageCounts, string>>;
type Count = keyof typeof COUNTS;
const NAMES = Object.keys(COUNTS) as Count[];

const flag = (count: Count): string => `--${count.replace(/(1h|[A-Z])/g, (part) => `-${part.toLowerCase()}`)}`;

type Options = Readonly<Partial<Record<Count, number>>> & {
  readonly reason: string;
  readonly by?: string;
  readonly apply?: true;
};

export function settleCommand(): Command {
  const settle = withActor(new Command('settle'))
    .argument('<charge>', 'the id of a charge from "tokenhub charge list --status released"')
    .description('charge a released hold, by its usage block or by counts: shows the result, or applies it')
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .option('--apply', 'charge it');
  for (const count of NAMES) settle.option(`${flag(count)} <count>`, COUNTS[count], tokens);
  return settle.action(run);
}

function tokens(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number.parseInt(text, 10);
  throw new InvalidArgumentError(`"${text}" is not a whole number of tokens.`);
}

function run(chargeId: string, options: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    const told = await history(context, chargeId);
    const { accountId, hold, charged } = told;
    if (charged !== undefined)
      return printFields(command, {
        charge: chargeId,
        account: accountId,
        cost: charged.cost,
        done: 'charged already',
      });
    const usage = usageFor(told, options);
    const due = await dueFor(context, hold, usage);
    const before = posted(await context.queries.execute(new GetAccount(accountId)));
    if (options.apply) {
      const { provider, upstreamModel, attempts } = answerOf(told);
      const usageRaw = givenOf(options) ?? (told.released.usageRaw as JsonObject);
      const performance = {
        cost: due.price,
        providerCost: due.cost,
        usage,
        usageRaw,
        provider,
        upstreamModel,
        attempts,
      };
      const byHand = { actor: await actorOf(context, options.by), reason: options.reason, hold };
      await context.commands.execute(new ChargeByHand(accountId, performance, byHand));
    }
    printFields(command, {
      charge: chargeId,
      account: accountId,
      model: hold.model,
      priceVersion: hold.priceVersion,
      prompt: usage.promptTokens,
      completion: usage.completionTokens,
      reading: usage.reading?.join(', '),
      cost: formatUsd(due.price),
      providerCost: formatUsd(due.cost),
      balanceBefore: formatUsd(before),
      balanceAfter: formatUsd(subtract(before, due.price)),
      done: options.apply ? 'charged' : 'nothing yet: add --apply to charge it',
    });
  });
}

interface History {
  readonly accountId: string;
  readonly hold: AccountEventData<'HoldPlaced'>;
  readonly released: AccountEventData<'HoldReleased'>;
  readonly charged: AccountEventData<'TokensCharged'> | undefined;
}

/** The history of a charge in the ledger. @throws UsageError when it can't be charged */
async function history(context: Context, chargeId: string): Promise<History> {
  const row = (await (await context.caughtUpReadModels()).load(charges.view, [chargeId])).get(chargeId)?.doc as
    ChargeRow | undefined;
  if (row === undefined)
    throw new UsageError(`There is no charge "${chargeId}". "tokenhub charge list" shows all charges.`);
  const { accountId } = row;
  let hold, released, charged;
  for await (const recorded of eventsOf(context.store, accountStream(accountId))) {
    if (recorded.data['chargeId'] !== chargeId) continue;
    const { type, data } = readAccountEvent(recorded);
    if (type === 'HoldPlaced') hold = data;
    if (type === 'HoldReleased') released = data;
    if (type === 'TokensCharged') charged = data;
  }
  if (hold === undefined) throw new UsageError(`The ledger has no hold of charge "${chargeId}".`);
  if (charged !== undefined && released === undefined)
    throw new UsageError(`The call was charged $${charged.cost} when it ended: there is nothing to settle by hand.`);
  if (released === undefined) throw new UsageError('Its call is still running: settle it once it has ended.');
  return { accountId, hold, released, charged };
}

/** The given counts, or those of the stored usage block. @throws UsageError */
function usageFor({ released }: History, options: Options): Usage {
  const given = givenOf(options);
  const { usageRaw } = released;
  if (given === undefined && usageRaw === undefined)
    throw new UsageError(`No usage block is stored for this call (${released.reason}). Give the counts: ${ways()}.`);
  const { promptTokens = 0, completionTokens = 0, ...parts } = given ?? {};
  const usage =
    given === undefined ? readAnyUsage(usageRaw ?? null) : usageOf({ promptTokens, completionTokens, ...parts });
  if (usage instanceof UsageFault) throw new UsageError(`${usage.message} Give plausible counts: ${ways()}.`);
  if (given !== undefined && usage.reading !== undefined)
    throw new UsageError('The counts contradict each other: a part exceeds its total.');
  return usage;
}

const ways = (): string => `${flag('promptTokens')} and ${flag('completionTokens')}, and their parts`;

function givenOf(options: Options): Readonly<Partial<Record<Count, number>>> | undefined {
  const given = NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Partial<Record<Count, number>>);
}

/** The cost at the prices of its hold. */
async function dueFor({ queries }: Context, { model, priceVersion, at }: AccountEventData<'HoldPlaced'>, usage: Usage) {
  const list = (await queries.execute(new GetPriceLists())).find(({ version }) => version === priceVersion);
  if (list === undefined) throw new UsageError(`There is no price list ${priceVersion}.`);
  return rate(compilePriceList(list), model, usage, fromInstant(at));
}

/** The channel that answered; for records of old releases, the last one tried. */
function answerOf({ hold, released }: History) {
  const { attempts = [] } = released;
  const provider = released.provider ?? attempts.at(-1)?.channel ?? 'unknown';
  return { provider, upstreamModel: released.upstreamModel ?? hold.model, attempts };
}
