// Every read model of the ledger is a fold of the log: how the log is cut into pages, and where a rebuild stops, change nothing.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { PROJECTIONS } from '../operations/index.js';
import { compareViews, type EventStore, type ReadModelStore, rebuild, type Row } from './index.js';

const STEPS = ['hold', 'charge', 'release', 'top up', 'project'] as const;
const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 12 });

async function historyOf(taken: readonly (typeof STEPS)[number][]) {
  const ledger = await ledgerWithHistory();
  await ledger.open('caller');
  for (const [index, step] of taken.entries()) {
    const id = `${index}`;
    if (step === 'project') await ledger.project();
    else if (step === 'top up') {
      await ledger.open(`payer-${id}`);
      await ledger.topUp(`payer-${id}`, `topup-${id}`);
    } else if ((await ledger.accounts.copy('caller')).holds.size < 8) {
      await ledger.hold('caller', id);
      if (step === 'charge') await ledger.settle('caller', id, index);
      if (step === 'release') await ledger.release('caller', id);
    }
  }
  await ledger.project();
  return ledger;
}

/** The store, with no more than so many events in a page. */
const pagedBy = (store: EventStore, size: number): EventStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === 'readAll') return (after: number, limit: number) => target.readAll(after, Math.min(limit, size));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

const rowsOfAll = (readModels: ReadModelStore): Promise<(readonly Row[])[]> =>
  Promise.all(PROJECTIONS.map(({ view }) => readModels.find(view, { limit: 10_000 })));

it('makes every read model equal to the live one, at any page size and after any stops', async () => {
  const sizes = fc.integer({ min: 1, max: 40 });
  const stops = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(steps, sizes, stops, async (taken, size, pages) => {
      const { store, readModels } = await historyOf(taken);
      const live = await rowsOfAll(readModels);
      for (const page of pages) {
        const stop = new AbortController();
        let left = page;
        const onProgress = (): void => {
          if (--left === 0) stop.abort();
        };
        await rebuild(pagedBy(store, size), readModels, PROJECTIONS, { onProgress, signal: stop.signal });
      }
      await rebuild(pagedBy(store, size), readModels, PROJECTIONS);
      expect(await rowsOfAll(readModels)).toEqual(live);
      const found: unknown[] = [];
      await compareViews({ store: pagedBy(store, size), readModels }, PROJECTIONS, {
        onDifference: (difference) => found.push(difference),
      });
      expect(found).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

it('begins anew where an earlier one had begun on the log as it was before an older copy was restored', async () => {
  const { store: lost, readModels } = await historyOf(['hold', 'charge', 'charge', 'top up']);
  const stop = new AbortController();
  const options = { onProgress: () => stop.abort(), signal: stop.signal };
  const [begun] = await rebuild(pagedBy(lost, 20), readModels, PROJECTIONS, options);
  expect(begun).toMatchObject({ isWhole: false, events: 20 });
  const restored = await historyOf(['charge', 'release']);
  await rebuild(restored.store, readModels, PROJECTIONS);
  expect(await rowsOfAll(readModels)).toEqual(await rowsOfAll(restored.readModels));
});
