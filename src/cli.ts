#!/usr/bin/env node
// The `tokenhub` command line: the same modules as the gateway, on the same files, also while a gateway runs.
import 'reflect-metadata';
import { Command } from 'commander';
import { accountCommands } from './cli/account.js';
import { booksCommands } from './cli/books.js';
import { chargeCommands } from './cli/charge.js';
import { configCommand } from './cli/config.js';
import { eventStoreUserCommand } from './cli/event-store-user.js';
import { explainCommand } from './cli/explain.js';
import { exportCommand } from './cli/export.js';
import { indexesCommand } from './cli/indexes.js';
import { invoiceCommands } from './cli/invoice.js';
import { keyCommands } from './cli/key.js';
import { ledgerCommands } from './cli/ledger.js';
import { migrateStoreCommand } from './cli/migrate-store.js';
import { fail } from './cli/output.js';
import { paymentCommands } from './cli/payment.js';
import { priceCommands } from './cli/prices.js';
import { queueCommand } from './cli/queue.js';
import { rerateCommands } from './cli/rerate.js';
import { reconcileCommand } from './cli/reconcile.js';
import { replayCommand } from './cli/replay.js';
import { sealCommands } from './cli/seal.js';
import { watchStandardStreams } from './cli/standard-streams.js';
import { statementCommands } from './cli/statement.js';
import { userCommands } from './cli/user.js';
import { viewsCommands } from './cli/views.js';
import { witnessCommands } from './cli/witness.js';

const program = new Command('tokenhub')
  .description(
    'Accounts, keys, prices and the ledger of token-hub. Configured by the same variables as the gateway: tokenhub config',
  )
  .option('--json', 'print JSON for scripts instead of tables')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

for (const command of [
  accountCommands(),
  keyCommands(),
  userCommands(),
  chargeCommands(),
  ...paymentCommands(),
  invoiceCommands(),
  priceCommands(),
  ...ledgerCommands(),
  explainCommand(),
  booksCommands(),
  exportCommand(),
  statementCommands(),
  sealCommands(),
  witnessCommands(),
  migrateStoreCommand(),
  queueCommand(),
  reconcileCommand(),
  rerateCommands(),
  replayCommand(),
  viewsCommands(),
  indexesCommand(),
  eventStoreUserCommand(),
  configCommand(),
]) {
  program.addCommand(command);
}

watchStandardStreams();
try {
  await program.parseAsync();
} catch (error) {
  await fail(error);
  // A store that was opened before the failure, and can't be closed any more, must not keep the process.
  process.exit();
}
