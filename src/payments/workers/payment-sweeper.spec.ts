import { expect, it } from 'vitest';
import { World } from '../../../test/support/payments/payment-world.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { bringUpToDate } from '../../event-store/index.js';
import { DAY_MS, formatUsd } from '../../kernel/index.js';
import { posted } from '../../ledger/index.js';
import { disputeRows } from '../disputes/disputes.projection.js';
import { refundRows } from '../refunds/refunds.projection.js';
import { topupRows } from '../topups/topups.projection.js';
import { PaymentSweeper } from './payment-sweeper.js';

it('asks how a dispute stands, of whose end nothing was heard', async () => {
  const world = await new World().open();
  const [session = ''] = world.sessions;
  const readModels = new MemoryReadModelStore();
  const sweeper = new PaymentSweeper(readModels, world.sync, world.sender, world.clock);
  const standing = () =>
    world.accounts.read('acc0', (state) => ({
      frozen: state.index.freezing.size > 0,
      balance: formatUsd(posted(state)),
    }));
  world.provider.pay(session, 'paid');
  world.provider.dispute(session, false, 100);
  await world.sync.sync('topup0');
  world.provider.endDispute(session, true, 100);
  expect(await standing()).toEqual({ frozen: true, balance: '0.00' });
  world.clock.pass(60 * DAY_MS);
  await bringUpToDate(world.store, readModels, [topupRows, refundRows, disputeRows]);
  await sweeper.sweep();
  expect(await standing()).toEqual({ frozen: false, balance: '10.00' });
});
