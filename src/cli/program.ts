import { Command } from 'commander';

/** Adds to a command what it takes and does: arguments, options, subcommands, action. */
type Define = (command: Command) => unknown;
type Entry = readonly [name: string, description: string, load: () => Promise<Define>];

/** Every command. Only the module of the given one is loaded: all of them, with what they import, take a second. */
const COMMANDS: readonly Entry[] = [
  ['account', 'open accounts, show them, give them credit', async () => (await import('./account.js')).accountCommands],
  ['key', 'issue, list, change and revoke API keys', async () => (await import('./key.js')).keyCommands],
  ['user', 'manage users and their roles', async () => (await import('./user.js')).userCommands],
  [
    'charge',
    'show which calls were charged and which were not',
    async () => (await import('./charge.js')).chargeCommands,
  ],
  ['topup', 'show orders and payments of customers', async () => (await import('./payment.js')).topupCommands],
  ['refund', 'manage refunds of credit', async () => (await import('./payment.js')).refundCommands],
  ['payments', 'payments at Stripe', async () => (await import('./payment.js')).paymentsCommands],
  ['invoice', 'invoices, credit notes and debit notes', async () => (await import('./invoice.js')).invoiceCommands],
  [
    'prices',
    'show, compare, check, publish and withdraw price lists',
    async () => (await import('./prices.js')).priceCommands,
  ],
  [
    'balance',
    'show the balance of an account, also as of an instant or a position of the log',
    async () => (await import('./ledger.js')).balanceCommand,
  ],
  [
    'verify',
    'check hash chains, the tree against every checkpoint, who wrote each event, histories, charges, postings, what two streams must both say, and every row of the read models',
    async () => (await import('./ledger.js')).verifyCommand,
  ],
  [
    'explain',
    'why a call cost what it cost: usage, price rule, each multiplication, lots, postings, place in the chain',
    async () => (await import('./explain.js')).explainCommand,
  ],
  [
    'books',
    'the books: reports, and the closing of months (docs/finance.md)',
    async () => (await import('./books.js')).booksCommands,
  ],
  ['export', 'export the ledger for other programs', async () => (await import('./export.js')).exportCommand],
  [
    'statement',
    'write statements of an account, and check them',
    async () => (await import('./statement.js')).statementCommands,
  ],
  ['seal', 'signed checkpoints of the ledger (docs/audit.md)', async () => (await import('./seal.js')).sealCommands],
  [
    'witness',
    'watch a ledger from outside, with its public keys alone',
    async () => (await import('./witness.js')).witnessCommands,
  ],
  [
    'migrate-store',
    'copy the ledger to another event store, every event unchanged and in order; run it again to continue. Stop the gateways first',
    async () => (await import('./migrate-store.js')).migrateStoreCommand,
  ],
  [
    'queue',
    'what waits for a person, what can be done about it, and doing it',
    async () => (await import('./queue.js')).queueCommand,
  ],
  [
    'reconcile',
    'compare the ledger with what others say',
    async () => (await import('./reconcile.js')).reconcileCommand,
  ],
  [
    'rerate',
    'price charges of the past by another version of the price list',
    async () => (await import('./rerate.js')).rerateCommands,
  ],
  [
    'replay',
    'rebuild read models from the events, beside the live ones, then switch; Ctrl-C stops, the same command continues',
    async () => (await import('./replay.js')).replayCommand,
  ],
  ['views', 'show the read models of this and other releases', async () => (await import('./views.js')).viewsCommands],
  [
    'indexes',
    'create the collections and indexes that MongoDB lacks, as a gateway does when it starts',
    async () => (await import('./indexes.js')).indexesCommand,
  ],
  [
    'event-store-user',
    'create the EventStoreDB user of the gateways, who may only append and read; EVENT_STORE_URL must name an administrator; pipe the new password to standard input',
    async () => (await import('./event-store-user.js')).eventStoreUserCommand,
  ],
  [
    'config',
    'list every configuration variable with its meaning, default and present value',
    async () => (await import('./config.js')).configCommand,
  ],
];

/** The command line. */
export function tokenhub(): Command {
  const program = new Command('tokenhub')
    .description(
      'Accounts, keys, prices and the ledger of token-hub. Configured by the same variables as the gateway: tokenhub config',
    )
    .option('--json', 'print JSON for scripts instead of tables')
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false);
  const loaders = new Map<Command, Entry[2]>();
  for (const [name, description, load] of COMMANDS) {
    const command = new Command(name).description(description);
    loaders.set(command, load);
    program.addCommand(command);
  }
  program
    .command('help [command...]')
    .description('display help for command')
    .action(async (names: readonly string[]) => {
      await program.parseAsync([...names, '--help'], { from: 'user' });
    });
  return program.hook('preSubcommand', async (_program, command) => {
    const define = await loaders.get(command)?.();
    define?.(command);
  });
}
