// Authenticates rows that are believed without their events: snapshots. Whoever can write to the read models alone can't make an account
// begin with credit that it never had.
import { hash } from 'node:crypto';
import {
  type Batch,
  type LoadOptions,
  type Mark,
  type Query,
  ReadModelStore,
  type Row,
  type Standing,
  type ViewDefinition,
} from '../event-store/index.js';
import { canonicalJson } from '../kernel/index.js';
import { EventMacs } from './event-mac.js';
import type { LedgerKeys } from './ledger-keys.js';

/** Read models whose believed rows carry a MAC. Those without a right one are as if they were not there. Everything else is as in the store behind it. */
export class AuthenticatedReadModelStore extends ReadModelStore {
  readonly #macs: EventMacs;

  constructor(
    readonly stored: ReadModelStore,
    keys: LedgerKeys,
  ) {
    super();
    this.#macs = new EventMacs(keys);
  }

  override checkpoint(view: ViewDefinition): Promise<number> {
    return this.stored.checkpoint(view);
  }

  override mark(view: ViewDefinition): Promise<Mark | undefined> {
    return this.stored.mark(view);
  }

  override async load(
    view: ViewDefinition,
    ids: readonly string[],
    options?: LoadOptions,
  ): Promise<ReadonlyMap<string, Row>> {
    const rows = await this.stored.load(view, ids, options);
    if (view.believed === undefined) return rows;
    return new Map(this.#genuine(view, [...rows.values()]).map((row) => [row.id, row]));
  }

  override apply(view: ViewDefinition, batch: Batch): Promise<boolean> {
    if (view.believed === undefined) return this.stored.apply(view, batch);
    return this.stored.apply(view, { ...batch, rows: batch.rows.map((row) => this.#authenticated(view, row)) });
  }

  override async find(view: ViewDefinition, query: Query): Promise<readonly Row[]> {
    const rows = await this.stored.find(view, query);
    return view.believed === undefined ? rows : this.#genuine(view, rows);
  }

  override replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean> {
    return this.stored.replace(live, rebuilt, at);
  }

  override close(): Promise<void> {
    return this.stored.close();
  }

  /** Why a row as it is stored is not believed: "has no MAC"; undefined when it is. */
  faultOf(view: ViewDefinition, { doc: { mac, ...doc }, ...row }: Row): string | undefined {
    const metadata = { hash: digest(view, { ...row, doc }), ...(mac !== undefined && { mac }) };
    const checked = this.#macs.check({ metadata });
    return 'fault' in checked ? checked.fault : undefined;
  }

  #authenticated(view: ViewDefinition, row: Row): Row {
    return { ...row, doc: { ...row.doc, mac: this.#macs.of(digest(view, row)) } };
  }

  #genuine(view: ViewDefinition, rows: readonly Row[]): Row[] {
    return rows.filter((row) => this.faultOf(view, row) === undefined);
  }
}

/** The store that keeps the rows. */
export const storeBehind = (readModels: ReadModelStore): ReadModelStore =>
  readModels instanceof AuthenticatedReadModelStore ? readModels.stored : readModels;

/** Covers where a row is, not only what it says: no row passes in another's place. */
const digest = ({ name }: ViewDefinition, { id, position, doc }: Row): string =>
  hash('sha256', `token-hub row\n${name}\n${canonicalJson({ id, position, doc })}`);
