// A ledger under load: pairs on a number of accounts, then its replay, then what it says was charged.
import type { EventStore, RecordedEvent } from '../../src/event-store/index.js';
import { type BenchAccount, openAccount } from './accounts.ts';
import { eventStore, kernel, ledger, PROJECTIONS } from './built.ts';
import { median, percentile } from './figures.ts';
import { runPairs, runPairsAt } from './pairs.ts';
import { openEventStore, openReadModels } from './stores.ts';
import { untilSteady, type WarmUp } from './warm-up.ts';

const CREDIT = '1000000';
const PAGE = 1_000;
const WARM_UP_IN_FLIGHT = 64;
const PACE_PER_SECOND = 100;
/** A view without rows. */
const NOTHING = { name: 'nothing', indexes: [] };

export interface PairRow {
  readonly accounts: number;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Pairs at a fixed rate, and the appends they wait for, in milliseconds. */
export interface PacedRow {
  readonly accounts: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** An append alone, at the median. */
  readonly append: number;
}

export interface Charged {
  /** By the callers' own count, in pico-dollars. */
  readonly asked: bigint;
  /** By the events. */
  readonly events: bigint;
  /** By the balances the events fold to. */
  readonly balances: bigint;
  readonly held: bigint;
}

export class LedgerRun {
  readonly pairs: PairRow[] = [];
  paced: PacedRow | undefined;
  readonly store: EventStore;
  readonly accounts: readonly BenchAccount[];
  warmUp: WarmUp = { rounds: 0, steady: false };
  #asked = 0n;

  private constructor(store: EventStore, accounts: readonly BenchAccount[]) {
    this.store = store;
    this.accounts = accounts;
  }

  /** Runs pairs with each number of callers, for `cellMs` each. */
  static async measure(
    folder: string,
    count: number,
    inFlights: readonly number[],
    cellMs: number,
  ): Promise<LedgerRun> {
    const store = await openEventStore(folder, `events-${count}`);
    const readModels = await openReadModels(folder, `snapshots-${count}`);
    const writer = new ledger.Accounts(store, readModels);
    const run = new LedgerRun(
      store,
      await Promise.all(Array.from({ length: count }, () => openAccount(writer, CREDIT))),
    );
    run.warmUp = await untilSteady(async () => {
      const { charged, perSecond } = await runPairs(writer, run.accounts, WARM_UP_IN_FLIGHT, cellMs / 3);
      run.#asked += charged;
      return perSecond;
    });
    for (const inFlight of inFlights) {
      const { charged, perSecond, latencies } = await runPairs(writer, run.accounts, inFlight, cellMs);
      run.#asked += charged;
      const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)];
      run.pairs.push({ accounts: count, inFlight, perSecond, p50, p99 });
    }
    await run.#measurePaced(writer, cellMs);
    await readModels.close();
    return run;
  }

  async #measurePaced(writer: InstanceType<typeof ledger.Accounts>, forMs: number): Promise<void> {
    const appends: number[] = [];
    writer.observe({ appended: (_events, milliseconds) => void appends.push(milliseconds) });
    const alone = await runPairs(writer, this.accounts, 1, forMs / 3);
    const append = median(appends);
    const { charged, latencies } = await runPairsAt(writer, this.accounts, PACE_PER_SECOND, forMs);
    this.#asked += alone.charged + charged;
    const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)];
    this.paced = { accounts: this.accounts.length, perSecond: PACE_PER_SECOND, p50, p99, append };
  }

  /** Folds the first account's stream from the file on this thread; events a second. */
  async replay(): Promise<number> {
    const start = performance.now();
    let state = ledger.noAccount();
    let events = 0;
    for await (const page of this.#events(this.accounts[0]?.accountId ?? '')) {
      for (const recorded of page) state = ledger.account.evolve(state, ledger.readAccountEvent(recorded));
      events += page.length;
    }
    return (events / (performance.now() - start)) * 1_000;
  }

  /** Builds a read model from nothing, beside the one that a gateway may keep there; events a second, of all that the store holds. */
  async catchUp(folder: string, projection: (typeof PROJECTIONS)[number]): Promise<number> {
    const readModels = await openReadModels(folder, projection.view.name);
    const view = { ...projection.view, name: `${projection.view.name}-bench` };
    await readModels.replace(view, NOTHING); // what a run left that was cut off
    const start = performance.now();
    const projector = new eventStore.Projector(this.store, readModels, projection, view);
    await eventStore.walk(this.store, [projector]);
    const perSecond = (projector.events / (performance.now() - start)) * 1_000;
    await readModels.replace(view, NOTHING);
    await readModels.close();
    return perSecond;
  }

  async charged(): Promise<Charged> {
    let [events, balances, held] = [0n, 0n, 0n];
    for (const { accountId } of this.accounts) {
      let state = ledger.noAccount();
      for await (const page of this.#events(accountId)) {
        for (const event of page.map(ledger.readAccountEvent)) {
          if (event.type === 'TokensCharged') events += kernel.usd(event.data.cost);
          state = ledger.account.evolve(state, event);
        }
      }
      balances += kernel.usd(CREDIT) - ledger.posted(state);
      held += state.held;
    }
    return { asked: this.#asked, events, balances, held };
  }

  async *#events(accountId: string): AsyncGenerator<readonly RecordedEvent[]> {
    for (let from = 0; ; from += PAGE) {
      const page = await this.store.readStream(ledger.accountStream(accountId), from, PAGE);
      yield page;
      if (page.length < PAGE) return;
    }
  }
}
