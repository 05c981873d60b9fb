import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReratingDesk, DAYS, FIRST, MODEL } from '../../test/support/rerating/desk.js';
import { ViewBehind, WaitFor } from '../event-store/index.js';
import { DAY_MS, formatUsd, subtract, toInstant, usd } from '../kernel/index.js';
import { RERATING_POLICIES } from '../ledger/index.js';
import { reratingRuns } from './reratings.projection.js';

interface Call {
  readonly account: 'a' | 'b';
  readonly day: number;
  readonly tokens: number;
}

const calls = fc.array(
  fc.record({
    account: fc.constantFrom('a' as const, 'b' as const),
    day: fc.integer({ min: 0, max: DAYS - 1 }),
    tokens: fc.integer({ min: 0, max: 2_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const price = fc
  .integer({ min: 1, max: 30_000_000 })
  .map((micro) => `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, '0')}`);

/** Version 1 costs $2.50 and $10 per million tokens; little credit, so that some calls are beyond it. */
async function made(all: readonly Call[], credit = '0.02'): Promise<ReratingDesk> {
  const desk = new ReratingDesk();
  await desk.publish('2.50', '10', '1');
  for (const account of ['a', 'b']) await desk.open(account, usd(credit));
  const inOrder = all.toSorted((one, other) => one.day - other.day);
  for (const [index, { account, day, tokens }] of inOrder.entries()) {
    await desk.call(account, `c${index}`, FIRST + day * DAY_MS + index, tokens).catch(() => undefined); // out of credit
  }
  return desk;
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const two: readonly Call[] = [
  { account: 'a', day: 0, tokens: 1_000 },
  { account: 'a', day: 1, tokens: 500 },
];

describe('a re-rating run', () => {
  it('says per account, model and day what would change, and books exactly that', async () => {
    const desk = await made(two);
    const version = await desk.publish('2.50', '5', '1');
    const reports = await listOf(desk.reratings.dryRun(desk.request(version)));
    const row = (report = reports[0]) =>
      report?.rows.map(({ charged, due, difference, ...rest }) => ({
        ...rest,
        sums: [charged, due, difference].map(formatUsd),
      }));
    expect(row()).toEqual([
      {
        accountId: 'a',
        model: MODEL,
        day: '2026-03-05',
        charges: 1,
        refused: 0,
        sums: ['0.00525', '0.00275', '-0.0025'],
      },
      {
        accountId: 'a',
        model: MODEL,
        day: '2026-03-04',
        charges: 1,
        refused: 0,
        sums: ['0.01025', '0.00525', '-0.005'],
      },
    ]);
    const run = await desk.run(desk.request(version));
    expect(await desk.balances()).toEqual({ a: '0.012', b: '0.02' });
    const view = (await desk.readModels.load(reratingRuns.view, [run])).get(run)?.doc;
    expect(view).toMatchObject({
      status: 'completed',
      approvedBy: 'bob',
      done: { accounts: 1, charges: 2, difference: '-0.0075' },
    });
    const [report] = await listOf(desk.reratings.report(run));
    expect(row(report)).toEqual(row());
  });

  it('leaves alone what the new version can’t price, and counts it', async () => {
    const desk = await made(two);
    await desk.lists.publish({
      models: [{ model: 'gpt-4o-mini', bands: [{ price: { input: '1', output: '1' } }] }],
      effectiveFrom: toInstant(desk.clock.time),
      at: desk.clock.time,
      by: 'ada',
      reason: 'without the model',
      acceptWarnings: true,
    });
    expect(await desk.dryRun(desk.request(2))).toMatchObject({ charges: 2, refused: 2, difference: 0n });
  });

  it('names the accounts that it would bring below zero', async () => {
    const desk = await made(two);
    const version = await desk.publish('2.50', '30', '1');
    expect(await desk.dryRun(desk.request(version))).toMatchObject({ belowZero: 1 });
    expect(await desk.dryRun(desk.request(version, { policy: 'bill_to_zero' }))).toMatchObject({ belowZero: 0 });
  });

  it('is not applied without approval, nor by a version that does not exist', async () => {
    const desk = await made(two);
    const run = (await desk.reratings.propose(desk.request(1), { by: 'ada', reason: 'why not' })) ?? '';
    await expect(desk.reratings.apply(run)).rejects.toMatchObject({ rejection: { code: 'rerating_not_approved' } });
    await expect(desk.dryRun(desk.request(9))).rejects.toMatchObject({ rejection: { code: 'price_list_not_found' } });
  });

  it('is refused by a version that was withdrawn, which names the ones in force, at every step', async () => {
    const desk = await made(two);
    const scheduled = await desk.publish('2.50', '5', '1', DAY_MS);
    const run = await desk.approved(desk.request(scheduled));
    await desk.lists.withdraw({ version: scheduled, at: desk.clock.time, by: 'ada', reason: 'postponed' });
    const refused = {
      rejection: {
        code: 'price_list_withdrawn',
        message: 'Price list 2 was withdrawn on 2026-03-09 and never was in force. In force in that period: none.',
      },
    };
    const request = desk.request(scheduled);
    await expect(desk.dryRun(request)).rejects.toMatchObject(refused);
    await expect(desk.reratings.propose(request, { by: 'ada', reason: 'again' })).rejects.toMatchObject(refused);
    await expect(desk.reratings.approve(run, 'eve')).rejects.toMatchObject(refused);
    await expect(desk.reratings.apply(run)).rejects.toMatchObject(refused);
    expect((await listOf(desk.reratings.report(run))).length).toBe(1);
    const later = desk.request(scheduled, { to: toInstant(desk.clock.time) });
    await expect(desk.dryRun(later)).rejects.toThrow('In force in that period: 1.');
  });

  it('waits for the view that has its accounts, and ends with an error rather than leave one out', async () => {
    const desk = await made(two);
    const waiting = desk.another({ waitFor: new WaitFor(desk.store, desk.readModels, 200) });
    const request = { ...desk.request(1), to: toInstant(desk.clock.time) };
    await desk.project();
    await desk.call('b', 'unseen', desk.clock.time - DAY_MS, 100);
    const totals = desk.dryRun(request, waiting);
    await desk.project();
    expect(await totals).toMatchObject({ accounts: 2, charges: 3 });
    await desk.open('c', usd('1'));
    await expect(desk.dryRun(request, waiting)).rejects.toThrow(ViewBehind);
  });

  it('leaves charges alone that were booked after its dry run', async () => {
    const desk = await made(two);
    const version = await desk.publish('2.50', '5', '1');
    const run = await desk.approved(desk.request(version));
    desk.clock.time += DAY_MS;
    await desk.call('b', 'later', desk.clock.time, 100);
    await desk.reratings.apply(run);
    expect(await desk.balances()).toEqual({ a: '0.012', b: '0.01875' });
  });
});

describe('laws of re-rating', () => {
  it('books what the dry run said, whatever the policy', () =>
    fc.assert(
      fc.asyncProperty(
        calls,
        price,
        price,
        fc.constantFrom(...RERATING_POLICIES),
        async (all, input, output, policy) => {
          const desk = await made(all);
          const version = await desk.publish(input, output, '1');
          const before = await desk.balances();
          const planned = await desk.dryRun(desk.request(version, { policy }));
          if (planned.charges === 0) return;
          const run = await desk.run(desk.request(version, { policy }));
          const after = await desk.balances();
          const change = ['a', 'b'].map((id) => subtract(usd(before[id] ?? ''), usd(after[id] ?? '')));
          expect(change.reduce((sum, each) => sum + each, 0n)).toBe(planned.difference);
          const view = (await desk.readModels.load(reratingRuns.view, [run])).get(run)?.doc;
          expect(view).toMatchObject({ done: { difference: formatUsd(planned.difference) } });
        },
      ),
      { numRuns: 40 },
    ));

  it('leaves every balance where it was after A to B and back, by a version or by reversing the run', () =>
    fc.assert(
      fc.asyncProperty(calls, price, price, fc.boolean(), async (all, input, output, byReversal) => {
        const desk = await made(all);
        const before = await desk.balances();
        const version = await desk.publish(input, output, input);
        if ((await desk.dryRun(desk.request(version))).charges === 0) return;
        const run = await desk.run(desk.request(version));
        if (byReversal) await desk.reversed(run).catch(noCharges);
        else await desk.run(desk.request(1));
        expect(await desk.balances()).toEqual(before);
      }),
      { numRuns: 40 },
    ));

  it('ends the same in any partition of the period, and after any interruption', () =>
    fc.assert(
      fc.asyncProperty(
        calls,
        price,
        fc.integer({ min: 0, max: DAYS }),
        fc.integer({ min: 0, max: 3 }),
        async (all, output, cut, after) => {
          const [whole, parts] = [await made(all), await made(all)];
          const version = await whole.publish('2.50', output, '1');
          await parts.publish('2.50', output, '1');
          if ((await whole.dryRun(whole.request(version))).charges === 0) return;
          await whole.run(whole.request(version));
          const middle = toInstant(FIRST + cut * DAY_MS);
          const { from, to } = parts.request(version);
          for (const period of [
            { from: middle, to },
            { from, to: middle },
          ]) {
            if (period.from === period.to) continue;
            const request = parts.request(version, period);
            if ((await parts.dryRun(request)).charges === 0) continue;
            const run = await parts.approved(request);
            await interrupted(parts, run, after);
            await Promise.all([parts.reratings.apply(run), parts.reratings.apply(run)]);
          }
          expect(await parts.balances()).toEqual(await whole.balances());
        },
      ),
      { numRuns: 40 },
    ));
});

/** Applies a run until the clock was read so many times. */
async function interrupted(desk: ReratingDesk, run: string, after: number): Promise<void> {
  const stop = new AbortController();
  let looks = 0;
  const { clock } = desk;
  const now = clock.now.bind(clock);
  clock.now = () => {
    if (looks++ >= after) stop.abort();
    return now();
  };
  await desk.reratings.apply(run, { signal: stop.signal });
  clock.now = now;
}

/** A run that changed nothing has nothing to undo. */
function noCharges(error: { rejection?: { code: string } }): void {
  if (error.rejection?.code !== 'nothing_to_rerate') throw error as Error;
}
