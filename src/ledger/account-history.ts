// The past of an account. However long that is, a reading folds the events after a milestone (event-store/snapshots.ts) alone.
import {
  eventsOf,
  type EventStore,
  NO_STREAM,
  type ReadModelStore,
  type Snapshot,
  Snapshots,
} from '../event-store/index.js';
import type { Amount } from '../kernel/index.js';
import { accountStream, readAccountEvent } from './account.events.js';
import { evolve } from './account.evolve.js';
import { accountSnapshots } from './account.snapshot.js';
import { type AccountState, noAccount, posted } from './account.state.js';

export class AccountHistory {
  readonly #snapshots: Snapshots<AccountState>;

  constructor(
    private readonly store: EventStore,
    readModels: ReadModelStore,
    milestoneEvery?: number,
  ) {
    this.#snapshots = new Snapshots(readModels, accountSnapshots, milestoneEvery);
  }

  /** The state before the event at a revision, for the caller to keep. Milestones that are missing are made on the way. */
  async stateBefore(accountId: string, revision: number): Promise<AccountState> {
    const stream = accountStream(accountId);
    const known = await this.#known(stream, revision);
    let state = known?.state ?? noAccount();
    for await (const event of eventsOf(this.store, stream, (known?.revision ?? NO_STREAM) + 1)) {
      if (event.revision >= revision) break;
      state = evolve(state, readAccountEvent(event));
      if ((event.revision + 1) % this.#snapshots.milestoneEvery === 0) {
        const milestone = { revision: event.revision, hash: String(event.metadata['hash']), state };
        await this.#snapshots.keep(stream, milestone, event.revision - 1).catch(onlySlower);
      }
    }
    return state;
  }

  /** The posted balance before the event at a revision. */
  async balanceBefore(accountId: string, revision: number): Promise<Amount> {
    return posted(await this.stateBefore(accountId, revision));
  }

  /** The newest snapshot of the events before a revision, unless it is of another history (a restored or exchanged store). */
  async #known(stream: string, revision: number): Promise<Snapshot<AccountState> | undefined> {
    const snapshot = await this.#snapshots.before(stream, revision).catch(onlySlower);
    if (snapshot === undefined) return undefined;
    const [its] = await this.store.readStream(stream, snapshot.revision, 1);
    return its?.metadata['hash'] === snapshot.hash ? snapshot : undefined;
  }
}

/** Without snapshots, everything is folded. */
const onlySlower = (): undefined => undefined;
