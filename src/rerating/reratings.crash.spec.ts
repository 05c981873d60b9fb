// A process that applies a run may die at any append, and two may apply it at once: the ledger ends the same.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAYS, FIRST, ReratingDesk } from '../../test/support/rerating/desk.js';
import { type AroundAppends, dyingProcess, ProcessStore } from '../../test/support/rerating/process-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { DAY_MS, picoUsd, usd } from '../kernel/index.js';
import { accountStream } from '../ledger/index.js';
import { formatTotals, noTotals, plusReport } from './dry-run.js';

/** Longer than the lease of a dead process lasts. */
const LATER_MS = 60_000;
const ACCOUNTS = ['a', 'b'];
const PRICES = ['5', '14', '100'] as const;
type Price = (typeof PRICES)[number];

/** Accounts with some calls each, and a run with this id that is approved: the output costs half, somewhat more, or ten times as much, which is beyond the credit. */
async function approved(calls: number, output: Price): Promise<ReratingDesk> {
  const desk = new ReratingDesk();
  await desk.publish('2.50', '10', '1');
  for (const account of ACCOUNTS) {
    await desk.open(account, picoUsd(usd('0.00031') * BigInt(calls)));
    for (let call = 0; call < calls; call++)
      await desk.call(account, `${account}${call}`, FIRST + Math.floor((call * DAYS) / calls) * DAY_MS, (call % 7) + 1);
  }
  await desk.approved(desk.request(await desk.publish('2.50', output, '1'), { policy: 'bill_to_zero' }), 'run');
  return desk;
}

/** What the ledger says of re-ratings, and of the run, without when. */
async function booked({ store }: ReratingDesk): Promise<string[]> {
  const streams = [...ACCOUNTS.map(accountStream), 'rerating-run'];
  const events = (await Promise.all(streams.map((stream) => store.readStream(stream, 0, 10_000)))).flat();
  return events
    .filter(({ type }) => /Rerat/.test(type))
    .map(({ stream, type, data: { at: _at, asOf: _asOf, ...data } }) => JSON.stringify([stream, type, data]));
}

const known = new Map<string, Promise<string[]>>();

/** What a process books that nothing disturbs. */
function undisturbed(calls: number, output: Price): Promise<string[]> {
  const key = `${calls} ${output}`;
  const whole = known.get(key) ?? applied(calls, output);
  known.set(key, whole);
  return whole;
}

async function applied(calls: number, output: Price): Promise<string[]> {
  const desk = await approved(calls, output);
  await desk.reratings.apply('run');
  return booked(desk);
}

const output = fc.constantFrom(...PRICES);
const death = fc.record({
  appends: fc.integer({ min: 0, max: 9 }),
  at: fc.constantFrom<keyof AroundAppends>('before', 'after'),
});

// More charges of an account than are sent at once, so that it dies within an account, too.
it.each([
  [3, 20],
  [105, 4],
])('ends the same whenever processes that apply it die: %i calls of an account', (calls, numRuns) =>
  fc.assert(
    fc.asyncProperty(output, fc.array(death, { minLength: 1, maxLength: 3 }), async (price, deaths) => {
      const desk = await approved(calls, price);
      for (const { appends, at } of deaths) {
        const { store, died } = dyingProcess(desk.store, appends, at);
        await Promise.race([desk.another({ store }).apply('run'), died]);
        desk.clock.time += LATER_MS;
      }
      await desk.another().apply('run');
      expect(await booked(desk)).toEqual(await undisturbed(calls, price));
    }),
    { numRuns },
  ),
);

it.each([
  [3, 15],
  [105, 3],
])(
  'ends the same when two processes apply it at once, each believing to be alone: %i calls of an account',
  (calls, numRuns) =>
    fc.assert(
      fc.asyncProperty(output, fc.scheduler(), async (price, scheduler) => {
        const desk = await approved(calls, price);
        const process = () => {
          const before = () => scheduler.schedule(Promise.resolve());
          return desk.another({
            store: new ProcessStore(desk.store, { before }),
            readModels: new MemoryReadModelStore(),
          });
        };
        const both = Promise.all([process().apply('run'), process().apply('run')]);
        await scheduler.waitFor(both);
        expect(await booked(desk)).toEqual(await undisturbed(calls, price));
      }),
      { numRuns },
    ),
);

it.each(PRICES)(
  'reports the same sums before, at any moment within an account, and afterwards: an output at $%s',
  async (price) => {
    const desk = await approved(105, price);
    const sums = async () => {
      let totals = noTotals;
      for await (const report of desk.reratings.report('run')) totals = plusReport(totals, report);
      return formatTotals({ ...totals, belowZero: 0 }); // what it would overdraw is of what is to come
    };
    const planned = await sums();
    const seen: (typeof planned)[] = [];
    const after = async (): Promise<void> => void seen.push(await sums());
    await desk.another({ store: new ProcessStore(desk.store, { after }) }).apply('run');
    expect(seen.length).toBeGreaterThan(4);
    for (const each of [...seen, await sums()]) expect(each).toEqual(planned);
  },
);

it('is recorded as far as it is booked when it is cancelled after a process died within an account', async () => {
  const desk = await approved(105, '5');
  const { store, died } = dyingProcess(desk.store, 0, 'after');
  await Promise.race([desk.another({ store }).apply('run'), died]);
  const recorded = async () => (await booked(desk)).filter((event) => event.includes('"AccountRerated"'));
  const cancel = () => desk.reratings.cancel('run', { by: 'eve', reason: 'the wrong month' });
  await cancel();
  expect(await recorded()).toEqual([]); // the process might live
  desk.clock.time += LATER_MS;
  await expect(desk.reratings.apply('run')).rejects.toMatchObject({ rejection: { code: 'rerating_cancelled' } });
  const data = { accountId: 'a', charges: 100, difference: '-0.002025' };
  expect(await recorded()).toEqual([JSON.stringify(['rerating-run', 'AccountRerated', data])]);
  await cancel();
  expect(await recorded()).toHaveLength(1);
});

it('is applied by one process while both can see that', async () => {
  const desk = await approved(3, '5');
  const { store, died } = dyingProcess(desk.store, 1, 'after');
  await Promise.race([desk.another({ store }).apply('run'), died]);
  await expect(desk.another().apply('run')).rejects.toMatchObject({ rejection: { code: 'rerating_running' } });
});
