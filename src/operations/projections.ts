import type { Projection } from '../event-store/index.js';
import { balances, charges, keys, lots } from '../ledger/index.js';

/** Every read model of the ledger, in the version that this release reads and keeps. */
export const PROJECTIONS: readonly Projection[] = [balances, charges, keys, lots] as readonly Projection[];

/** The injection token of the projections that a gateway keeps. */
export const KEPT_PROJECTIONS = Symbol('kept projections');
