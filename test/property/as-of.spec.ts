// An account as of an instant or a position is the fold of that prefix of its events.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { AccountHistory, Accounts, accountStream, GetAccount } from '../../src/ledger/index.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { fromInstant, type Refused } from '../../src/kernel/index.js';
import { account } from '../../src/ledger/account.js';
import { GetAccountHandler } from '../../src/ledger/accounts.handlers.js';
import { NOON } from '../support/ledger/commands.js';
import { anything, histories } from '../support/ledger/histories.js';
import { play } from '../support/ledger/play.js';

const DAY = 24 * 60 * 60 * 1_000;
/** So few that these histories have several: a reading begins at one of them. */
const MILESTONE_EVERY = 3;

const codeOf = (error: unknown): string | undefined => (error as Refused).rejection.code;

it('is the fold of the prefix, for any instant and any position', async () => {
  await fc.assert(
    fc.asyncProperty(histories(anything), fc.nat(), fc.integer({ min: -DAY, max: DAY }), async (steps, seed, apart) => {
      const { executed, events } = play(steps);
      const store = new MemoryEventStore();
      const readModels = new MemoryReadModelStore();
      const history = new AccountHistory(store, readModels, MILESTONE_EVERY);
      const accounts = Object.assign(new Accounts(store, readModels), { history });
      const id = events[0]?.type === 'AccountOpened' ? events[0].data.accountId : '';
      await accounts.execute('other', { type: 'OpenAccount', commandId: 'open', at: NOON, accountId: 'other' });
      for (const command of executed) await accounts.decide(id, command);
      const stored = await store.readStream(accountStream(id), 0, 10_000);
      const handler = new GetAccountHandler(accounts, store);
      const last = stored[seed % stored.length];
      if (last === undefined) throw new Error('the history is empty');
      const foldOf = (prefix: number) =>
        events.slice(0, prefix).reduce((state, event) => account.evolve(state, event), account.initial());
      const atPosition = await handler.execute(new GetAccount(id, { position: last.position }));
      expect(atPosition).toEqual(foldOf(last.revision + 1));
      const at = fromInstant(String(last.data['at']));
      for (const instant of [at, at - 1, at + apart]) {
        const upTo = stored.filter(({ data }) => fromInstant(String(data['at'])) <= instant).length;
        const found = await handler.execute(new GetAccount(id, { instant })).catch(codeOf);
        expect(found).toEqual(upTo > 0 ? foldOf(upTo) : 'account_not_found');
      }
      const latest = await handler.execute(new GetAccount(id, { position: await store.head() }));
      expect(latest).toEqual(foldOf(stored.length));
    }),
    { numRuns: 20 },
  );
});
