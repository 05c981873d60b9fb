import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { sealsOf } from '../../../test/support/account/statement-seals.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { fill, logs } from '../../../test/support/ledger/logs.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import type { EventStore } from '../../event-store/index.js';
import { formatUsd, usd } from '../../kernel/index.js';
import { account, accountStream, posted, readAccountEvent } from '../../ledger/index.js';
import { statementFile } from './statement-file.js';
import { type anyStatementSchema, type StatementFile, statementSchema } from './statement-schema.js';
import { continuityFault, verifyStatement } from './verify-statement.js';

const EVER = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

async function statementOf(store: EventStore, accountId: string, period = EVER): Promise<StatementFile> {
  const file = await statementFile(
    { store, readModels: new MemoryReadModelStore() },
    { accountId, format: 'json', ...period },
    sealsOf(store),
  );
  return statementSchema.parse(JSON.parse(await text(file.getStream())));
}

/** A statement with calls at a published price. */
async function aStatement(): Promise<StatementFile> {
  const made = await ledgerWithHistory();
  await made.open('a');
  for (const chargeId of ['c1', 'c2', 'c3']) {
    await made.hold('a', chargeId);
    await made.settle('a', chargeId, 1_000);
  }
  return statementOf(made.store, 'a');
}

type Copy = z.infer<typeof anyStatementSchema>;

/** A copy with a change. */
function altered(statement: StatementFile, change: (copy: Copy) => void): StatementFile {
  const copy = structuredClone(statement);
  change(copy);
  return copy;
}

describe('a statement', () => {
  it('is right as it was made, and carries the prices of what was called', async () => {
    const statement = await aStatement();
    const { faults, charges, entries } = verifyStatement(statement);
    expect([faults, charges, entries]).toEqual([[], 3, 4]);
    expect(statement.price_lists.map(({ models }) => models.length)).toEqual([1]);
    expect(JSON.stringify(statement.price_lists)).not.toContain('"cost"');
  });

  it.each<[string, (copy: Copy) => void, string]>([
    ['an amount', ({ events }) => void (events[4]!.data['cost'] = '0.00'), 'hash'],
    ['a missing event', ({ events }) => void events.splice(2, 1), 'missing'],
    ['an event twice', ({ events }) => void events.splice(2, 0, events[2]!), 'missing'],
    ['a cut-off beginning', ({ events }) => void events.shift(), 'missing'],
    ['a cut-off end', ({ events }) => void events.pop(), 'closing balance'],
    ['another account', (copy) => void (copy.account_id = 'b'), 'hash'],
    ['another opening balance', (copy) => void (copy.opening_balance = '1.00'), 'begins with nothing'],
    ['another closing balance', (copy) => void (copy.closing_balance = '1.00'), 'closing balance'],
    ['another beginning of the chain', (copy) => void (copy.before.hash = '1'.repeat(64)), 'zeros'],
    ['another price', ({ price_lists: [list] }) => void (list!.models[0]!.bands[0]!.price.input = '9.00'), 'comes to'],
    ['a missing price', (copy) => void (copy.price_lists = []), 'carries no price'],
    [
      'a gap in its prices',
      ({ price_lists: [list] }) => void (list!.models[0]!.bands[0]!.promptTokens = { '<': 5 }),
      'carries no price',
    ],
    ['a price of later', ({ price_lists: [list] }) => void (list!.effectiveFrom = EVER.to), 'before price list'],
    ['a shorter period', (copy) => void (copy.to = String(copy.events[1]!.data['at'])), 'outside the period'],
    ['an empty period', (copy) => void (copy.to = copy.from), 'empty'],
  ])('is found wrong with %s', async (_what, change, sentence) => {
    const { faults } = verifyStatement(altered(await aStatement(), change));
    expect(faults.join('\n')).toContain(sentence);
  });

  it('goes on where the one before ended, wherever a period ends, and comes to what the account has', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.double({ min: 0, max: 1, noNaN: true }), async (appends, share) => {
        const store = new MemoryEventStore();
        await fill(store, appends);
        const events = await store.readStream(accountStream('a0'), 0, 10_000);
        const state = events
          .map(readAccountEvent)
          .reduce((before, event) => account.evolve(before, event), account.initial());
        const middle = String(events[Math.floor(share * (events.length - 1))]?.data['at']);
        const earlier = await statementOf(store, 'a0', { ...EVER, to: middle });
        const later = await statementOf(store, 'a0', { ...EVER, from: middle });
        const checks = [earlier, later].map((statement) => verifyStatement(statement));
        // The histories are of made-up counts and costs: there is no block and no price list to hold them against.
        const faults = checks
          .flatMap((check) => check.faults)
          .filter((fault) => !fault.includes('carries no price') && !fault.includes('another usage'));
        expect(faults).toEqual([]);
        expect(continuityFault(earlier, later)).toBeUndefined();
        expect(later.closing_balance).toBe(formatUsd(posted(state)));
      }),
      { numRuns: 100 },
    );
  });

  it('is not taken for the one that follows when it is not', async () => {
    const statement = await aStatement();
    const { head } = verifyStatement(statement);
    const follows = { before: head, opening_balance: statement.closing_balance };
    const next = (change: Partial<StatementFile>) => ({ ...statement, ...follows, ...change }) as StatementFile;
    expect(continuityFault(statement, next({}))).toBeUndefined();
    for (const [change, sentence] of [
      [{ account_id: 'b' }, 'two accounts'],
      [{ before: { ...head, revision: 1 } }, 'goes on after revision 1'],
      [{ before: { ...head, hash: '0'.repeat(64) } }, 'was changed'],
      [{ opening_balance: formatUsd(usd('7')) }, 'begins with $7.00'],
    ] as const) {
      expect(continuityFault(statement, next(change))).toContain(sentence);
    }
  });
});
