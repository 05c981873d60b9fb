import type { JsonObject } from '../kernel/index.js';
import { Lease, type Leased } from './lease.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/** How long a view stays a process's own without a sign of it. */
const VIEW_LEASE_MS = 6_000;
/** How often whoever keeps a view renews its lease, and whoever waits for it looks. */
export const RENEW_MS = 2_000;
const PREFIX = 'view/';

/** Who keeps a view up to date, or did so last. */
export interface KeptView {
  readonly view: string;
  /** The release of token-hub that did. */
  readonly release: string;
  /** When its right to do so ends, in epoch milliseconds. */
  readonly until: number;
  /** Why it stopped, when an event stopped it. */
  readonly stopped?: string;
}

/** What the keeper of a view writes into its lease. */
export interface KeeperNote extends JsonObject {
  readonly release: string;
  readonly stopped?: string;
}

/** The right to keep a view. One a view, so that releases that keep different versions of a projection never wait for each other. */
export const viewLease = (store: ReadModelStore, view: ViewDefinition, owner: string): Lease =>
  new Lease(store, PREFIX + view.name, owner, VIEW_LEASE_MS);

/** Every view that a process ever kept, by name. */
export async function keptViews(store: ReadModelStore): Promise<ReadonlyMap<string, KeptView>> {
  const leases = await Lease.all(store);
  const kept = leases.filter(({ name }) => name.startsWith(PREFIX)).map(keptView);
  return new Map(kept.map((each) => [each.view, each]));
}

/** Whether a process keeps it at `now`, or did a moment ago, when another may be about to take over. */
export const isInUse = ({ until }: KeptView, now: number): boolean => until + VIEW_LEASE_MS > now;

function keptView({ name, until, note }: Leased): KeptView {
  const { release = 'unknown', stopped } = note as Partial<KeeperNote>;
  return { view: name.slice(PREFIX.length), release, until, ...(stopped !== undefined && { stopped }) };
}
