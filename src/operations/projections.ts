import type { Projection } from '../event-store/index.js';
import { balances, charges, keys, lots } from '../ledger/index.js';

/** Every read model of the ledger. */
export const PROJECTIONS: readonly Projection[] = [balances, charges, keys, lots] as readonly Projection[];
