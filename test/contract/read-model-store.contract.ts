// What every read model store must do. The suite does not assume that it is alone in the store.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START } from '../../src/event-store/event-store.js';
import { batches } from './read-model-store.batches.js';
import { finds } from './read-model-store.finds.js';
import { newView, row, type OpenedReadModelStore, type ViewFixture } from './read-model-store.fixture.js';
import { replacements } from './read-model-store.replacements.js';

export function readModelStoreContract(
  name: string,
  { open, durable = true }: { open: () => Promise<OpenedReadModelStore>; durable?: boolean },
): void {
  describe(`the read model store contract: ${name}`, () => {
    const fixture = {} as ViewFixture & { opened: OpenedReadModelStore };

    beforeEach(async () => {
      const opened = await open();
      Object.assign(fixture, { opened, store: opened.store, view: newView() });
    });
    afterEach(() => fixture.opened.close());

    describe('a batch', () => {
      batches(fixture);
    });
    describe('a query', () => {
      finds(fixture);
    });
    describe('a rebuilt view', () => {
      replacements(fixture);
    });

    if (!durable) return; // declared by adapters that nothing outlives: those of tests
    it('keeps its rows when it is closed and opened again', async () => {
      const { opened, store, view } = fixture;
      await store.apply(view, { rows: [row('a', 3, { owner: 'x' })], checkpoint: { from: START, to: 4 } });
      const reopened = (await opened.reopen?.()) ?? store;
      expect(await reopened.find(view, { where: { owner: 'x' } })).toEqual([row('a', 3, { owner: 'x' })]);
      expect(await reopened.checkpoint(view)).toBe(4);
    });
  });
}
