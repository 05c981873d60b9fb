import { describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { comparedView, rebuild, type RecordedEvent, START } from '../../event-store/index.js';
import { usd } from '../../kernel/index.js';
import { balances, charges } from '../../ledger/index.js';
import { PROJECTIONS } from '../projections.js';
import { verify } from './verify.js';

async function ledger() {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.open('b');
  await made.hold('a', 'c1');
  await made.settle('a', 'c1', 1_000);
  await made.hold('a', 'c2');
  await made.release('a', 'c2');
  await made.hold('b', 'c3');
  await made.project();
  return made;
}

/** The store with one event changed on its way out, as if someone had changed it on disk. */
function tampered(store: Awaited<ReturnType<typeof ledger>>['store'], change: (event: RecordedEvent) => RecordedEvent) {
  return Object.assign(Object.create(store) as typeof store, {
    head: () => store.head(),
    readStream: async (...args: Parameters<typeof store.readStream>) => (await store.readStream(...args)).map(change),
    readAll: async (...args: Parameters<typeof store.readAll>) => (await store.readAll(...args)).map(change),
  });
}

describe('verify', () => {
  it('finds nothing wrong with a ledger that is right, and counts it', async () => {
    const { store, readModels } = await ledger();
    const { faults, ...figures } = await verify(store, readModels);
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({ streams: 3, events: 12, accounts: 2, charges: 1, openHolds: 1 });
  });

  it('prints a trial balance that sums to zero', async () => {
    const { store, readModels } = await ledger();
    const { trialBalance } = await verify(store, readModels);
    expect(trialBalance).toContainEqual({ account: 'revenue:usage', currency: 'USD', balance: '-0.01025' });
    expect(trialBalance).toContainEqual({
      account: 'liabilities:customers:credit',
      currency: 'USD',
      balance: '-19.98975',
    });
    expect(trialBalance.reduce((total, { balance }) => total + usd(balance), 0n)).toBe(0n);
  });

  it('books payments too, and finds a top-up whose history can’t be', async () => {
    const made = await ledger();
    await made.topUp('a', 't1');
    await made.project();
    const { faults, trialBalance } = await verify(made.store, made.readModels);
    expect(faults).toEqual([]);
    expect(trialBalance).toContainEqual({ account: 'assets:stripe:balance', currency: 'USD', balance: '-0.59' });
    const twice = tampered(made.store, (event) =>
      event.type === 'PaymentMismatched' ? { ...event, type: 'TopupPaid' } : event,
    );
    expect((await verify(twice, made.readModels)).faults).toContainEqual(
      expect.stringContaining('impossible history: a top-up is paid twice (revision 4 of topup-t1)'),
    );
  });

  it('names the event whose data was changed', async () => {
    const { store, readModels } = await ledger();
    const richer = tampered(store, (event) =>
      event.type === 'CreditGranted' ? { ...event, data: { ...event.data, amount: '1000000.00' } } : event,
    );
    const { faults } = await verify(richer, readModels);
    expect(faults).toContainEqual(
      expect.stringContaining('The hash of revision 2 of account-a (CreditGranted) does not match'),
    );
  });

  it('names a charge that is not its usage × the price', async () => {
    const made = await ledger();
    await made.hold('a', 'c4');
    await made.settle('a', 'c4', 1_000, usd('0.000001'));
    const { faults } = await verify(made.store, made.readModels);
    expect(faults).toEqual([
      'The charge of revision 8 of account-a is $0.010251; its usage at price list 1 comes to $0.01025.',
    ]);
  });

  it.each([
    ['priced at another instant', { pricedAt: '2026-01-01T00:00:00.000Z' }],
    ['of another hold', { hold: '0.000001' }],
    ['late', { late: true, hold: '0.00' }],
  ])('names a charge that is %s than its hold says', async (_what, change) => {
    const { store, readModels } = await ledger();
    const other = tampered(store, (event) =>
      event.type === 'TokensCharged' ? { ...event, data: { ...event.data, ...change } } : event,
    );
    const { faults } = await verify(other, readModels);
    expect(faults.join('\n')).toMatch(/charge of revision 4 of account-a is of another call|without a released hold/);
  });

  it('names a read model that disagrees with the events, and not one that is only behind', async () => {
    const made = await ledger();
    await made.hold('b', 'c5');
    expect((await verify(made.store, made.readModels)).faults).toEqual([]);
    await made.project();
    const row = (await made.readModels.load(balances.view, ['b'])).get('b');
    if (row === undefined) throw new Error('no row');
    const wrong = { ...row, position: row.position + 1, doc: { ...row.doc, posted: '99.00' } };
    await made.readModels.apply(balances.view, { rows: [wrong] });
    expect((await verify(made.store, made.readModels)).faults).toEqual([
      'balances-1 b: posted differs; live: "99.00", rebuilt: "10.00"',
    ]);
  });

  describe('of an older copy of the ledger, with read models that have seen more', () => {
    /** What there is after `events` of a ledger's events were restored, and its read models were not. */
    async function restored({ store, readModels }: Awaited<ReturnType<typeof ledger>>, events: number) {
      const copy = new MemoryEventStore();
      for (const { stream, revision, ...event } of await store.readAll(START, events)) {
        await copy.append(stream, revision - 1, [event]);
      }
      return { store: copy, readModels };
    }

    it('says so for every read model, and what to do', async () => {
      const made = await ledger();
      const { store, readModels } = await restored(made, 8); // without the charge of c1
      const { faults } = await verify(store, readModels);
      for (const { view } of PROJECTIONS) {
        expect(faults).toContainEqual(
          expect.stringMatching(
            `^${view.name} has seen revision .* which this ledger does not have: .*First let "tokenhub verify" name what is missing. Then rebuild it`,
          ),
        );
      }
    });

    it('names the calls that were answered and are no longer charged, and the accounts that are gone', async () => {
      const made = await ledger();
      await made.open('c');
      await made.hold('c', 'c4');
      await made.settle('c', 'c4', 500);
      await made.project();
      const { store, readModels } = await restored(made, 8);
      const { faults } = await verify(store, readModels);
      const lost = faults.filter((fault) => /^(Call|Account)/.test(fault));
      expect(lost).toEqual([
        expect.stringMatching(
          /^Call request-c1 of account a was charged \$0\.01025 at 2026.* does not have that charge/,
        ),
        expect.stringMatching(/^Account c \(\$9\.99475\) is in the read models, but has no event in the ledger/),
        expect.stringMatching(/^Call request-c4 of account c was charged/),
      ]);
    });

    it('names them also when the copy has since got other events', async () => {
      const made = await ledger();
      const { store, readModels } = await restored(made, 8);
      for (let revision = 0; revision < 9; revision++) {
        const [event] = await made.store.readStream('account-b', 0, 1);
        await store.append('another', revision - 1, [
          { ...event!, id: `00000000-0000-4000-8000-00000000000${revision}` },
        ]);
      }
      const { faults } = await verify(store, readModels);
      expect(faults).toContainEqual(expect.stringMatching(/^Call request-c1 of account a/));
    });

    it('finds nothing more to tell once they are rebuilt', async () => {
      const made = await ledger();
      const { store, readModels } = await restored(made, 8);
      await rebuild(store, readModels, PROJECTIONS);
      expect((await verify(store, readModels)).faults).toEqual([]);
    });
  });

  it('takes a read model that is ahead of it for what it is, beside a gateway at work', async () => {
    const made = await ledger();
    const { readModels } = made;
    const load = readModels.load.bind(readModels);
    readModels.load = async (view, ids) => {
      if (view.name === balances.view.name && ids.length > 1) {
        readModels.load = load; // once
        await made.hold('b', 'c6');
        await made.project();
      }
      return load(view, ids);
    };
    expect((await verify(made.store, readModels)).faults).toEqual([]);
  });

  describe('every row of every read model', () => {
    const readModelFaults = async ({ store, readModels }: Awaited<ReturnType<typeof ledger>>, withRows?: boolean) => {
      const { faults, faultCount, readModels: compared } = await verify(store, readModels, { readModels: withRows });
      return { faults, faultCount, compared };
    };

    it('is compared', async () => {
      const made = await ledger();
      const nothing = { faults: [], faultCount: 0 };
      expect(await readModelFaults(made)).toEqual({ ...nothing, compared: PROJECTIONS.length });
      expect(await readModelFaults(made, false)).toEqual({ ...nothing, compared: 0 });
    });

    it('is not compared where there are none yet, which is no fault', async () => {
      const { store } = await ledger();
      const { faults, warnings, readModels } = await verify(store, new MemoryReadModelStore());
      expect({ faults, readModels }).toEqual({ faults: [], readModels: 0 });
      expect(warnings).toEqual([expect.stringMatching('have seen no event yet, .*: balances-1, ')]);
    });

    it('names so many differences of a read model, and counts all', async () => {
      const made = await ledger();
      const rows = Array.from({ length: 30 }, (_, index) => ({ id: `ghost-${index}`, position: 1, doc: {} }));
      await made.readModels.apply(charges.view, { rows });
      const { faults } = await readModelFaults(made);
      expect(faults).toHaveLength(21);
      expect(faults[0]).toMatch(/^charges-\d+ ghost-0: the row is extra, no event makes it/);
      expect(faults.at(-1)).toMatch(/^charges-\d+: 30 differences\. "tokenhub replay --diff charges-\d+" names each\./);
    });

    it('is compared by the next run with what one that was stopped has made', async () => {
      const made = await ledger();
      const stop = new AbortController();
      const stopped = verify(made.store, made.readModels, { signal: stop.signal, onProgress: () => stop.abort() });
      await expect(stopped).rejects.toThrow('aborted');
      expect(await made.readModels.checkpoint(comparedView(charges.view))).not.toBe(START);
      expect((await readModelFaults(made)).compared).toBe(PROJECTIONS.length);
    });
  });

  it('looks at one account only when asked', async () => {
    const { store, readModels } = await ledger();
    expect(await verify(store, readModels, { account: 'b' })).toMatchObject({
      streams: 1,
      accounts: 1,
      charges: 0,
      openHolds: 1,
      faults: [],
    });
  });

  it('reads the log once, and of each stream no more than its first event', async () => {
    const { store, readModels } = await ledger();
    const read = { log: [] as number[], streams: 0 };
    const [readAll, readStream] = [store.readAll.bind(store), store.readStream.bind(store)];
    store.readAll = async (...range) => {
      const page = await readAll(...range);
      read.log.push(...page.map(({ position }) => position));
      return page;
    };
    store.readStream = async (...range) => {
      const events = await readStream(...range);
      read.streams += events.length;
      return events;
    };
    const { streams } = await verify(store, readModels);
    expect(read.log).toEqual(Array.from({ length: (await store.head()) + 1 }, (_, position) => position));
    const [priceLists, marks] = [1, 2 * PROJECTIONS.length];
    expect(read.streams).toBeLessThanOrEqual(streams + priceLists + marks);
  });

  it.each([
    ['was cut off at its beginning', 2, 'It begins at revision 2.'],
    ['was deleted', Infinity, 'It was deleted.'],
  ])('finds a stream that %s while the log still has its events', async (_, from, what) => {
    const { store, readModels } = await ledger();
    const readStream = store.readStream.bind(store);
    store.readStream = (stream, first, limit) =>
      readStream(stream, stream === 'account-b' ? Math.max(first, from) : first, limit);
    const fault = `Revision 0 of account-b is in the log and not in its stream. ${what}`;
    expect((await verify(store, readModels)).faults).toContain(fault);
  });

  it('finds an empty store right', async () => {
    const { readModels, store } = await ledgerWithHistory();
    expect(await store.head()).not.toBe(START);
    expect((await verify(store, readModels)).faults).toEqual([]);
  });
});
