// What a choice would do: what would be recorded and booked, and which balances would change, as the code that carries it out says on a dry run.
import type { RecordedEvent } from '../../event-store/index.js';
import { postingsOf } from '../../books/index.js';
import { formatMoney, formatUsd, Refused } from '../../kernel/index.js';
import { ConfigurationError } from '../../platform/config.js';
import { accountOfStream, type Accounts, available, posted, type Posting } from '../../ledger/index.js';

export interface Effect {
  /** What would be recorded: the stream and the type of each event. */
  readonly events: readonly { readonly stream: string; readonly type: string }[];
  /** What would be booked; debits are positive. */
  readonly postings: readonly { readonly account: string; readonly currency: string; readonly amount: string }[];
  readonly balances: readonly BalanceChange[];
  /** Why it can't be done now. */
  readonly refused?: { readonly code: string; readonly message: string };
}

interface BalanceChange {
  readonly accountId: string;
  /** The posted balance, and what new calls can use, in USD. */
  readonly balance: { readonly before: string; readonly after: string };
  readonly available: { readonly before: string; readonly after: string };
}

export interface Tried {
  readonly before: Accounts;
  readonly after: Accounts;
  readonly appended: readonly RecordedEvent[];
}

export async function effectOf({ before, after, appended }: Tried, now: number): Promise<Effect> {
  const accountIds = [...new Set(appended.flatMap(({ stream }) => accountOfStream(stream) ?? []))];
  const figures = (accounts: Accounts, accountId: string) =>
    accounts.read(
      accountId,
      (state) => ({ balance: formatUsd(posted(state)), available: formatUsd(available(state, now)) }),
      { fresh: true },
    );
  const balances = accountIds.map(async (accountId): Promise<BalanceChange> => {
    const [was, is] = [await figures(before, accountId), await figures(after, accountId)];
    return {
      accountId,
      balance: { before: was.balance, after: is.balance },
      available: { before: was.available, after: is.available },
    };
  });
  return {
    events: appended.map(({ stream, type }) => ({ stream, type })),
    postings: appended.flatMap((event) => postingsOf(event).map(shown)),
    balances: await Promise.all(balances),
  };
}

const shown = ({ account, amount, currency }: Posting): Effect['postings'][number] => ({
  account,
  currency,
  amount: formatMoney({ amount, currency }),
});

/** The effect of what is refused, or can’t be asked from here; anything else is thrown. */
export function refusedEffect(error: unknown): Effect {
  return { events: [], postings: [], balances: [], refused: refusalOf(error) };
}

function refusalOf(error: unknown): NonNullable<Effect['refused']> {
  if (error instanceof ConfigurationError) return { code: 'not_configured', message: error.message };
  if (!(error instanceof Refused)) throw error;
  const { code, message } = error.rejection;
  return { code, message };
}

/** The effect in words. */
export function sentenceOf({ refused, balances }: Effect): string {
  if (refused !== undefined) return `It can’t be done now: ${refused.message}`;
  const changed = balances.filter(({ balance, available: free }) => isChange(balance) || isChange(free));
  if (changed.length === 0) return 'No balance changes.';
  return changed
    .map(({ balance, available: free }) =>
      balance.before === balance.after
        ? `What new calls can use goes from $${free.before} to $${free.after}.`
        : `The balance goes from $${balance.before} to $${balance.after}.`,
    )
    .join(' ');
}

const isChange = ({ before, after }: BalanceChange['balance']): boolean => before !== after;
