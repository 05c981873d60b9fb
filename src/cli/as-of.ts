// Options that ask for an account as it was.
import { type Command, Option } from 'commander';
import type { EventStore } from '../event-store/index.js';
import type { AccountState, AsOf } from '../ledger/index.js';
import { UsageError } from './output.js';
import { pastArgument, positionArgument } from './parse.js';

export interface AsOfOptions {
  readonly asOf?: number;
  readonly atPosition?: number;
}

/** Adds --as-of and --at-position; only one of them may be given. */
export const withAsOf = (command: Command): Command =>
  command
    .addOption(
      new Option('--as-of <instant>', 'as of this instant, ISO 8601; now by default')
        .argParser(pastArgument)
        .conflicts('atPosition'),
    )
    .addOption(new Option('--at-position <position>', 'as of this position of the log').argParser(positionArgument));

/** @throws UsageError for a position beyond the end of the log, which says nothing yet */
export async function asOfGiven(store: EventStore, { asOf, atPosition }: AsOfOptions): Promise<AsOf | undefined> {
  if (atPosition === undefined) return asOf === undefined ? undefined : { instant: asOf };
  const head = await store.head();
  if (atPosition > head) throw new UsageError(`The log ends at position ${head}: there is no ${atPosition} yet.`);
  return { position: atPosition };
}

/** The instant for which credit and keys count as expired or not; for a position, that of the account's last event. */
export const instantOf = (state: Pick<AccountState, 'lastAt'>, { asOf, atPosition }: AsOfOptions): number =>
  atPosition === undefined ? (asOf ?? Date.now()) : state.lastAt;
