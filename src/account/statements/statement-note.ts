// What the ledger signs of a statement: its period, its balances, the two ends of its chain, and a digest of all else in the file.
import { hash } from 'node:crypto';
import type { ChainPoint } from '../../event-store/index.js';
import { canonicalJson } from '../../kernel/index.js';
import type { SignedStatement } from './statement-schema.js';

/** All of a statement but its events, which the hash of the last of them covers, and its signature. */
export type Unsigned = Omit<SignedStatement, 'events' | 'signature'>;

/**
 * The text of the note, a line each. The first line keeps it apart from checkpoints, which the same key signs. The last line is the SHA-256 of
 * the RFC 8785 canonical JSON of the file without its members `events` and `signature`.
 */
export function statementText(statement: Unsigned, last: ChainPoint, events: number): string {
  const { account_id, from, to, opening_balance, closing_balance, before } = statement;
  return [
    'token-hub statement 2',
    `account ${account_id}`,
    `from ${from}`,
    `to ${to}`,
    `opening ${opening_balance}`,
    `closing ${closing_balance}`,
    `before ${before.revision} ${before.hash}`,
    `last ${last.revision} ${last.hash}`,
    `events ${events}`,
    `content ${digestOf(statement)}`,
    '',
  ].join('\n');
}

function digestOf(statement: Unsigned): string {
  const content: Record<string, unknown> = { ...statement };
  delete content['events'];
  delete content['signature'];
  return hash('sha256', canonicalJson(content));
}
