// Accounts to measure with, made through the same code the gateway runs.
import { keys, kernel, type ledger } from './built.ts';

type Accounts = InstanceType<typeof ledger.Accounts>;

export interface BenchAccount {
  readonly accountId: string;
  readonly keyId: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;

/** Opens an account with a key and a lot of credit, at an instant in epoch milliseconds. */
export async function openAccount(accounts: Accounts, credit: string, at = Date.now()): Promise<BenchAccount> {
  const accountId = kernel.newId();
  const keyId = kernel.newId();
  const key = keys.createKey(accountId);
  const issued = { keyId, secretHash: keys.hashKey(key), last4: key.slice(-4), settings: { name: 'bench' } };
  const lot = { lotId: kernel.newId(), amount: kernel.usd(credit), expiresAt: at + YEAR_MS, reason: 'bench' };
  await accounts.execute(accountId, { type: 'OpenAccount', commandId: 'open', at, accountId });
  await accounts.execute(accountId, { type: 'IssueKey', commandId: 'issue', at, ...issued });
  await accounts.execute(accountId, { type: 'GrantCredit', commandId: 'grant', at, ...lot });
  return { accountId, keyId, key };
}
