import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calls, listOf, made, price, two } from '../../test/support/rerating/calls.js';
import { DAYS, FIRST, type ReratingDesk } from '../../test/support/rerating/desk.js';
import { dyingProcess } from '../../test/support/rerating/process-store.js';
import { DAY_MS, formatUsd, subtract, toInstant, usd } from '../kernel/index.js';
import { RERATING_POLICIES } from '../ledger/index.js';
import { reratingStream } from './rerating.events.js';
import { type ReratingRun, reratingRuns } from './reratings.projection.js';

describe('the reversal of a run', () => {
  const cheaper = async (desk: ReratingDesk, ...outputs: readonly string[]) => {
    const runs: string[] = [];
    for (const output of outputs) runs.push(await desk.run(desk.request(await desk.publish('2.50', output, '1'))));
    return runs;
  };

  it('leaves a charge alone that a later run priced again, and names that run, until it is reversed itself', async () => {
    const desk = await made(two);
    const [first = '', second = ''] = await cheaper(desk, '8', '5');
    const nothing = await desk.proposedReversal(first);
    const [early] = await listOf(desk.reratings.report(nothing));
    expect(early?.rows).toMatchObject([
      { charges: 1, refused: 1, difference: 0n, laterRuns: [second] },
      { charges: 1, refused: 1, difference: 0n, laterRuns: [second] },
    ]);
    const between = await desk.balances();
    await desk.reratings.approve(nothing, 'bob');
    await desk.reratings.apply(nothing);
    expect(await desk.balances()).toEqual(between);
    const view = async (run: string) => {
      await desk.project();
      return (await desk.readModels.load(reratingRuns.view, [run])).get(run)?.doc;
    };
    expect(await view(nothing)).toMatchObject({
      proposal: { totals: { charges: 2, refused: 2, laterRuns: [second] } },
      done: { charges: 0, difference: '0.00' },
    });
    await desk.reversed(second);
    expect(await view(await desk.reversed(first))).toMatchObject({ done: { charges: 2, difference: '0.003' } });
  });

  it('goes on to name the run that stands when one after it was reversed', async () => {
    const desk = await made(two);
    const [first = '', second = '', third = ''] = await cheaper(desk, '8', '5', '4');
    const named = async () => {
      const reversal = await desk.proposedReversal(first);
      const [report] = await listOf(desk.reratings.report(reversal));
      await desk.reratings.cancel(reversal, { by: 'ada', reason: 'only to see' });
      return report?.rows[0];
    };
    expect(await named()).toMatchObject({ laterRuns: [third] });
    await desk.reversed(third);
    expect(await named()).toMatchObject({ laterRuns: [second] });
  });

  it('has nothing to undo of a run that was undone', async () => {
    const desk = await made(two);
    const [first = ''] = await cheaper(desk, '8');
    await desk.reversed(first);
    await expect(desk.reversed(first)).rejects.toMatchObject({
      rejection: { code: 'nothing_to_rerate' },
      message: expect.stringContaining(`no charge is priced as run ${first} priced it`),
    });
  });
});

describe('the reversals of one run', () => {
  const refused = (code: string) => ({ rejection: { code } });
  const ran = async () => {
    const desk = await made(two);
    return { desk, run: await desk.run(desk.request(await desk.publish('2.50', '5', '1'))) };
  };

  it('are one at a time, and another one once that is over', async () => {
    const { desk, run } = await ran();
    const open = await desk.proposedReversal(run);
    await expect(desk.proposedReversal(run)).rejects.toMatchObject(refused('reversal_open'));
    await expect(desk.reratings.requireReversible(run)).rejects.toThrow(`Run ${open} is to undo this run already.`);
    await desk.reratings.approve(open, 'bob');
    await expect(desk.proposedReversal(run)).rejects.toMatchObject(refused('reversal_open'));
    await desk.reratings.cancel(open, { by: 'bob', reason: 'not yet' });
    await desk.reratings.requireReversible(run);
    expect(await desk.reversed(run)).not.toBe(open);
  });

  it('are none of a run that is still to book something', async () => {
    const { desk } = await ran();
    const run = await desk.approved(desk.request(1));
    await expect(desk.proposedReversal(run)).rejects.toMatchObject(refused('rerating_not_over'));
    await expect(desk.reratings.requireReversible(run)).rejects.toMatchObject(refused('rerating_not_over'));
  });

  it('are one where several people propose them at once', async () => {
    const { desk, run } = await ran();
    const act = { by: 'ada', reason: 'a mistake' };
    const reverse = (runId: string) => desk.another().reverse(run, act, { runId });
    const outcomes = await Promise.allSettled(['x', 'y', 'z'].map(reverse));
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    const proposed = await Promise.all(['x', 'y', 'z'].map((id) => desk.store.readStream(reratingStream(id), 0, 9)));
    expect(proposed.flat().map(({ type }) => type)).toEqual(['ReratingProposed']);
  });

  it('go on where a process died between the announcement and the proposal, whoever comes next', async () => {
    const { desk, run } = await ran();
    const { store, died } = dyingProcess(desk.store, 1, 'before');
    const first = { by: 'ada', reason: 'a mistake' };
    await Promise.race([desk.another({ store }).reverse(run, first, { runId: 'first' }), died]);
    const second = { by: 'eve', reason: 'a mistake, too' };
    await expect(desk.reratings.reverse(run, second)).rejects.toThrow('Run first is to undo this run already.');
    expect(await desk.store.readStream(reratingStream('first'), 0, 9)).toMatchObject([
      { type: 'ReratingProposed', data: first },
    ]);
    expect(await desk.reratings.reverse(run, first, { runId: 'first' })).toBe('first');
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

  it('takes back by reversals what a run gave, once and no more, whatever run came in between', () =>
    fc.assert(
      fc.asyncProperty(calls, fc.tuple(price, price), fc.tuple(price, price), async (all, first, second) => {
        const desk = await made(all);
        const before = await desk.balances();
        const versions = [await desk.publish(...first, first[0]), await desk.publish(...second, first[1])];
        const runs: string[] = [];
        for (const version of versions) {
          if ((await desk.dryRun(desk.request(version))).charges === 0) return;
          runs.push(await desk.run(desk.request(version)));
        }
        const [one = '', other = ''] = runs;
        const reversals: [string, string][] = [];
        for (const run of [one, other, one]) {
          const reversal = await desk.reversed(run).catch(noCharges);
          if (reversal !== undefined) reversals.push([run, reversal]);
        }
        expect(await desk.balances()).toEqual(before);
        const views = await desk.readModels.load(reratingRuns.view, [...runs, ...reversals.map(([, id]) => id)]);
        const booked = (run: string) =>
          usd((views.get(run)?.doc as ReratingRun | undefined)?.done.difference ?? 'none');
        for (const run of runs) {
          const back = reversals.filter(([of]) => of === run).map(([, reversal]) => booked(reversal));
          expect(back.reduce((sum, each) => sum + each, booked(run) as bigint)).toBe(0n);
        }
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
function noCharges(error: { rejection?: { code: string } }): undefined {
  if (error.rejection?.code !== 'nothing_to_rerate') throw error as Error;
}
