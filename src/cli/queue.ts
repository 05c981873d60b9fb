import { type Command, Option } from 'commander';
import type { Amount } from '../kernel/index.js';
import {
  type ChoiceInput,
  type GivenCounts,
  QUEUE_KINDS,
  type QueueItem,
  type QueueKind,
  sentenceOf,
} from '../operations/index.js';
import { countsIn, withCounts } from './charge-settle.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, wantsJson } from './output.js';
import { amountArgument, countArgument, textArgument } from './parse.js';
import { actorOf, rolesOf, withActor } from './staff.js';

const SHOWN = 20;

export function queueCommand(queue: Command): Command {
  queue
    .addOption(new Option('--kind <kind>', 'the items of this kind').choices(QUEUE_KINDS))
    .option('--account <id>', 'the items of this account')
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .option('--cursor <cursor>', 'the next page, by what the page before printed')
    .action(list);
  const show = queue.command('show <item>').description('an item, with each choice and what it would do');
  withInput(show).action(showItem);
  const choose = withActor(queue.command('choose <item> <choice>'))
    .description('carry a choice out; one that needs two people is proposed')
    .requiredOption('--reason <text>', 'why; the ledger keeps it forever', textArgument)
    .option('--state <state>', 'the state of the item as it was shown: refused where it stands otherwise by now');
  withInput(choose).action(chooseIt);
  return queue;
}

const withInput = (command: Command): Command =>
  withCounts(command)
    .option('--amount <usd>', 'of "credit": how much', amountArgument)
    .option('--topup <id>', 'of "settle_topup": the top-up')
    .option('--evidence <text>', 'where it is shown: a ticket, a letter, a page at Stripe', textArgument);

type InputOptions = GivenCounts & {
  readonly amount?: Amount;
  readonly topup?: string;
  readonly evidence?: string;
};

const inputOf = (options: InputOptions): ChoiceInput => ({
  counts: countsIn(options),
  amount: options.amount,
  topupId: options.topup,
  evidence: options.evidence,
});

interface ListOptions {
  readonly kind?: QueueKind;
  readonly account?: string;
  readonly limit: number;
  readonly cursor?: string;
}

function list({ kind, account: accountId, limit, cursor }: ListOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.catchUpOrTell(); // a read model that has stopped is what an operator may be looking for
    if (kind === undefined && accountId === undefined && cursor === undefined) {
      const counts = Object.entries(await context.queue.counts());
      return printRows(
        command,
        counts.map(([name, count]) => ({ kind: name, count })),
        '',
      );
    }
    const { items, next } = await context.queue.page({ kind, accountId }, limit, cursor);
    if (wantsJson(command)) return printJson({ items: items.map((item) => shown(context, item)), next: next ?? null });
    printRows(
      command,
      items.map((item) => shown(context, item)),
      'Nothing of this kind waits.',
    );
    if (next !== undefined) console.log(`More: --cursor ${next}`);
  });
}

const shown = ({ queueChoices }: Context, item: QueueItem): TableRow => ({
  id: item.id,
  kind: item.kind,
  account: item.accountId,
  since: item.since,
  due: item.dueAt,
  known: item.known,
  state: item.state,
  credit: item.credit && `$${item.credit.amount}, proposed by ${item.credit.by}: ${item.credit.reason}`,
  choices: queueChoices
    .of(item)
    .map(({ choice }) => choice)
    .join(', '),
});

function showItem(id: string, options: InputOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.catchUpOrTell(); // a read model that has stopped is what an operator may be looking for
    const item = await context.queue.item(id);
    const previews = await context.queueChoices.preview(item, 'console', inputOf(options));
    const choices = previews.map(({ choice, effect }) => ({
      choice: choice.choice,
      does: choice.does,
      effect: effect === undefined ? `It must be told ${(choice.needs ?? []).join(', ')}` : sentenceOf(effect),
      second: choice.thenApproved === undefined ? '' : 'somebody else approves',
    }));
    const { dismissed } = item;
    if (wantsJson(command)) {
      const previewed = previews.map(({ effect }, index) => ({ ...choices[index], preview: effect ?? null }));
      return printJson({ ...shown(context, item), dismissed, choices: previewed });
    }
    printFields(command, { ...shown(context, item), dismissed: dismissed && `${dismissed.by}: ${dismissed.reason}` });
    printRows(command, choices, 'There is nothing to choose.');
  });
}

type ChooseOptions = InputOptions & { readonly by?: string; readonly reason: string; readonly state?: string };

function chooseIt(id: string, choice: string, options: ChooseOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    const { reason, state } = options;
    const by = await actorOf(context, options.by);
    const decision = { who: { by, reason }, input: inputOf(options), roles: await rolesOf(context, by), state };
    const item = await context.queue.item(id);
    const events = await context.queueChoices.choose(item, choice, decision);
    printRows(
      command,
      events.map(({ stream, type }) => ({ stream, type })),
      '',
    );
  });
}
