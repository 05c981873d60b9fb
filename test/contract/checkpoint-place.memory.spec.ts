import { MemoryPlace } from '../support/seals/memory-place.js';
import { readablePlaceContract } from './checkpoint-place.contract.js';

readablePlaceContract('memory', async () => {
  const place = new MemoryPlace();
  return {
    place,
    kept: async () => place.kept,
    async lose() {
      place.isDown = true;
    },
    close: () => Promise.resolve(),
  };
});
