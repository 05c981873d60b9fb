import type { JsonObject } from '../kernel/index.js';
import { Lease, type Leased } from './lease.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/** A process loses its view after this long without renewing the lease. */
const VIEW_LEASE_MS = 6_000;
/** How often the keeper of a view renews its lease, and how often others check whether the lease is free. */
export const RENEW_MS = 2_000;
const PREFIX = 'view/';

/** Which process keeps a view up to date, or did so last. */
export interface KeptView {
  readonly view: string;
  /** The release of token-hub it runs. */
  readonly release: string;
  /** When its lease ends, in epoch milliseconds. */
  readonly until: number;
  /** Set when an event stopped it: the reason. */
  readonly stopped?: string;
}

/** The note that the keeper of a view writes into its lease. */
export interface KeeperNote extends JsonObject {
  readonly release: string;
  readonly stopped?: string;
}

/**
 * The lease of a view. Each version of a projection has its own, so releases that keep different versions never wait
 * for each other.
 */
export const viewLease = (store: ReadModelStore, view: ViewDefinition, owner: string): Lease =>
  new Lease(store, PREFIX + view.name, owner, VIEW_LEASE_MS);

/** Every view that a process has ever kept, by name. */
export async function keptViews(store: ReadModelStore): Promise<ReadonlyMap<string, KeptView>> {
  const leases = await Lease.all(store);
  const kept = leases.filter(({ name }) => name.startsWith(PREFIX)).map(keptView);
  return new Map(kept.map((each) => [each.view, each]));
}

/** Whether a process keeps it at `now`, or did until a moment ago, when another may be about to take over. */
export const isInUse = ({ until }: KeptView, now: number): boolean => until + VIEW_LEASE_MS > now;

function keptView({ name, until, note }: Leased): KeptView {
  const { release = 'unknown', stopped } = note as Partial<KeeperNote>;
  return { view: name.slice(PREFIX.length), release, until, ...(stopped !== undefined && { stopped }) };
}
