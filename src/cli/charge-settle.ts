// Charges a released hold: shows the result, and applies it on request.
import { Command, InvalidArgumentError } from 'commander';
import { formatUsd, subtract } from '../kernel/index.js';
import { GetAccount, posted } from '../ledger/index.js';
import { COUNTS, type Count, type GivenCounts } from '../operations/index.js';
import { withContext } from './context.js';
import { printFields } from './output.js';
import { textArgument } from './parse.js';
import { actorOf, withActor } from './staff.js';

const NAMES = Object.keys(COUNTS) as Count[];

const flag = (count: Count): string => `--${count.replace(/(1h|[A-Z])/g, (part) => `-${part.toLowerCase()}`)}`;

type Options = GivenCounts & {
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
  return withCounts(settle).action(run);
}

/** Adds an option for each count. */
export function withCounts(command: Command): Command {
  for (const count of NAMES) command.option(`${flag(count)} <count>`, COUNTS[count], tokens);
  return command;
}

function tokens(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number.parseInt(text, 10);
  throw new InvalidArgumentError(`"${text}" is not a whole number of tokens.`);
}

/** The counts among the options; undefined when there are none. */
export function countsIn(options: GivenCounts): GivenCounts | undefined {
  const given = NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as GivenCounts);
}

function run(chargeId: string, options: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    const { accountId, late, cost } = await context.handCharges.row(chargeId);
    const about = { charge: chargeId, account: accountId };
    if (late) return printFields(command, { ...about, cost, done: 'charged already' });
    const plan = await context.handCharges.plan(chargeId, countsIn(options));
    const before = posted(await context.queries.execute(new GetAccount(accountId)));
    if (options.apply) {
      const actor = await actorOf(context, options.by);
      await context.handCharges.charge(plan, { actor, reason: options.reason });
    }
    const { hold, usage, performance } = plan;
    printFields(command, {
      ...about,
      model: hold.model,
      priceVersion: hold.priceVersion,
      prompt: usage.promptTokens,
      completion: usage.completionTokens,
      reading: usage.reading?.join(', '),
      cost: formatUsd(plan.cost),
      providerCost: formatUsd(performance.providerCost),
      balanceBefore: formatUsd(before),
      balanceAfter: formatUsd(subtract(before, plan.cost)),
      done: options.apply ? 'charged' : 'nothing yet: add --apply to charge it',
    });
  });
}
