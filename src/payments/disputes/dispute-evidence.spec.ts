import { expect, it } from 'vitest';
import { account, placeHold, purchase, settle } from '../../../test/support/ledger/commands.js';
import { rerate } from '../../../test/support/ledger/rerating-commands.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { type AccountCommand, Accounts } from '../../ledger/index.js';
import { gatherEvidence } from './dispute-evidence.js';
import type { DisputeRow } from './disputes.projection.js';

const dispute = { disputeId: 'du_1', topupId: 'top', accountId: 'acc', amount: '5.00' } as DisputeRow;
const spent = (chargeId: string, cost: string) => [placeHold(chargeId, cost), settle(chargeId, cost)];
const slice = (lotId: string, amount: string) => [{ lotId, amount }];

/** What the disputed purchase paid, as a bank is told after these commands. */
async function used(commands: readonly AccountCommand[]) {
  const store = new MemoryEventStore();
  const accounts = new Accounts(store, new MemoryReadModelStore());
  for (const command of [...account('0.50'), purchase('top', '5.00'), ...commands])
    await accounts.execute('acc', command);
  const evidence = await gatherEvidence(store, dispute);
  const rows = evidence.charges.map(({ charge_id: id, cost, paid_from_purchase: paid }) => [id, cost, paid]);
  return [evidence.used, ...rows];
}

it('has the charges that the disputed purchase paid, each with its part', async () => {
  expect(await used([...spent('c', '1.25'), ...spent('d', '1.00')])).toEqual([
    '1.75',
    ['c', '1.25', '0.75'],
    ['d', '1.00', '1.00'],
  ]);
});

it('claims no more of a charge than it costs after it was priced again', async () => {
  const before = [...spent('b', '0.50'), ...spent('c', '1.00')];
  const again = rerate('c', '0.25', { cost: '1.00', slices: slice('top', '1.00') });
  expect(await used([...before, again])).toEqual(['0.25', ['c', '0.25', '0.25']]);
  const free = rerate('c', '0.00', { cost: '1.00', slices: slice('top', '1.00') });
  expect(await used([...before, free])).toEqual(['0.00']);
});

it('has what pricing again took from the purchase, also of a charge that other credit had paid', async () => {
  const dearer = rerate('b', '0.80', { cost: '0.50', slices: slice('lot', '0.50') });
  expect(await used([...spent('b', '0.50'), dearer])).toEqual(['0.30', ['b', '0.80', '0.30']]);
});
