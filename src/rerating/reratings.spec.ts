import { describe, expect, it } from 'vitest';
import { listOf, made, two } from '../../test/support/rerating/calls.js';
import { FIRST, MODEL } from '../../test/support/rerating/desk.js';
import { ViewBehind, WaitFor } from '../event-store/index.js';
import { DAY_MS, formatUsd, toInstant, usd } from '../kernel/index.js';
import { noTotals, plusReport, reportRows } from './dry-run.js';
import { reratingRuns } from './reratings.projection.js';

describe('a re-rating run', () => {
  it('says per account, model and day what would change, and books exactly that', async () => {
    const desk = await made(two);
    const version = await desk.publish('2.50', '5', '1');
    const reports = await listOf(desk.reratings.dryRun(desk.request(version)));
    const row = (report = reports[0]) =>
      report?.rows.map(({ charged, due, difference, providerDifference, ...rest }) => ({
        ...rest,
        sums: [charged, due, difference, providerDifference].map(formatUsd),
      }));
    expect(row()).toEqual([
      {
        accountId: 'a',
        model: MODEL,
        day: '2026-03-05',
        charges: 1,
        refused: 0,
        laterRuns: [],
        sums: ['0.00525', '0.00275', '-0.0025', '0.00'],
      },
      {
        accountId: 'a',
        model: MODEL,
        day: '2026-03-04',
        charges: 1,
        refused: 0,
        laterRuns: [],
        sums: ['0.01025', '0.00525', '-0.005', '0.00'],
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

  it('concerns the calls of a key or of a model alone, where it names one', async () => {
    const desk = await made(two);
    const version = await desk.publish('2.50', '5', '1');
    const found = async (only: object) => (await desk.dryRun(desk.request(version, only))).charges;
    expect([await found({ keyId: 'k' }), await found({ keyId: 'other' }), await found({ model: MODEL })]).toEqual([
      2, 0, 2,
    ]);
  });

  it('can be tried as of an instant: what was booked later is not in it', async () => {
    const desk = await made(two);
    const request = desk.request(await desk.publish('2.50', '5', '1'));
    const daysAsOf = async (asOf: number) => {
      const reports = await listOf(desk.reratings.dryRun(request, { asOf: toInstant(asOf) }));
      return reports.flatMap(({ rows }) => rows.map(({ day }) => day));
    };
    expect(await daysAsOf(desk.clock.time)).toEqual(['2026-03-05', '2026-03-04']);
    expect(await daysAsOf(FIRST + DAY_MS)).toEqual(['2026-03-04']);
    expect(await daysAsOf(FIRST - 1)).toEqual([]);
  });

  it('says what the calls cost us less where that is all that changes, before and after it is booked', async () => {
    const desk = await made(two);
    const request = desk.request(await desk.publish('2.50', '10', '0.40'));
    const provider = { charges: 2, difference: 0n, providerDifference: usd('-0.00102') };
    expect(await desk.dryRun(request)).toMatchObject(provider);
    const run = await desk.run(request);
    const view = (await desk.readModels.load(reratingRuns.view, [run])).get(run)?.doc;
    expect(view).toMatchObject({ proposal: { totals: { difference: '0.00', providerDifference: '-0.00102' } } });
    const [report] = await listOf(desk.reratings.report(run));
    expect(report && plusReport(noTotals, report)).toMatchObject(provider);
  });

  it('says how many charges are done while it is at its first account', async () => {
    const desk = await made([], '1');
    for (let call = 0; call < 700; call++) await desk.call('a', `c${call}`, FIRST + call, 0);
    const version = await desk.publish('2.50', '5', '0.40');
    const seen: string[] = [];
    const progress = (done: number, total: number) => void seen.push(`${done}/${total}`);
    for (const only of [{}, { accountId: 'a' }]) {
      const run =
        (await desk.reratings.propose(desk.request(version, only), { by: 'ada', reason: 'cost' }, { progress })) ?? '';
      await desk.reratings.approve(run, 'bob');
      await desk.reratings.apply(run, { progress });
    }
    expect(seen.filter((one) => one === '700/700').length).toBeGreaterThanOrEqual(4);
    const within = seen.filter((one) => one !== '700/700');
    expect(within.length).toBeGreaterThanOrEqual(4);
    expect(new Set(seen.map((one) => one.split('/')[1]))).toEqual(new Set(['700']));
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
    const said = async (policy: 'bill' | 'bill_to_zero') => {
      const reports = await listOf(desk.reratings.dryRun(desk.request(version, { policy })));
      return reports.flatMap(reportRows).map(({ account, belowZero }) => [account, belowZero]);
    };
    expect(await said('bill')).toEqual([
      ['a', 'yes'],
      ['a', 'yes'],
    ]);
    expect(await said('bill_to_zero')).toEqual([
      ['a', ''],
      ['a', ''],
    ]);
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
