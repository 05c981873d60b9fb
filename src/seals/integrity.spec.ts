import { expect, it } from 'vitest';
import { happen, sealing } from '../../test/support/seals/sealing.js';
import { SealStatuses } from './integrity.js';

it('tells the newest checkpoint, what came after it, and what each place has', async () => {
  const { store, place, seals, sealer } = sealing();
  const statuses = new SealStatuses(seals, store);
  expect(await statuses.status()).toMatchObject({ newest: undefined, unsealed: 0, places: [{ sizes: [] }] });
  await happen(store);
  await sealer.seal();
  expect(await statuses.status()).toMatchObject({ newest: { size: 1 }, unsealed: 0, places: [{ sizes: [1] }] });
  await happen(store);
  place.isDown = true;
  const places = [{ name: place.name, sizes: undefined, fault: 'it is down' }];
  expect(await statuses.status()).toMatchObject({ newest: { size: 1 }, unsealed: 1, places });
});
