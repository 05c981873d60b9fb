import { expect, it } from 'vitest';
import { LATER, longAccount } from '../../../test/support/ledger/long-account.js';
import { bringUpToDate } from '../../event-store/index.js';
import { toInstant } from '../../kernel/index.js';
import { charges } from '../../ledger/index.js';
import { PriceBook, PriceLists, startingPriceList } from '../../pricing/index.js';
import { Seals } from '../../seals/index.js';
import { Explanations } from './explanations.js';

it('explains a call at the end of a long history without reading its beginning', async () => {
  const { store, readModels } = await longAccount();
  await bringUpToDate(store, readModels, [charges]);
  const seals = new Seals(store, readModels, undefined, []);
  const lists = new PriceLists(store, new PriceBook());
  const prices = { models: startingPriceList(), effectiveFrom: toInstant(LATER), at: LATER };
  await lists.publish(prices);
  const { slices, events } = await new Explanations(store, readModels, lists, seals).of('call');
  expect(slices).toMatchObject([{ before: '1.00', amount: '0.25', after: '0.75' }]);
  expect(events.map(({ type }) => type)).toEqual(['HoldPlaced', 'TokensCharged']);
  expect(store.eventsRead).toBeLessThan(100);
});
