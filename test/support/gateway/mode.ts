// The specs of whole gateways run three times, as projects of vitest.config.ts: on files (embedded), on an EventStoreDB and a MongoDB or
// what stands in for them (servers), and with two gateways side by side on those (two-gateways). A spec does not know which it is in.
import { inject } from 'vitest';

export type Mode = 'embedded' | 'servers' | 'two-gateways';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined where no gateway is tested. */
    mode: Mode | undefined;
    /** A MongoDB server, where the mode has one. */
    mongoUrl: string;
  }
}

export const mode: Mode = inject('mode') ?? 'embedded';

/** How many gateways there are, side by side. */
export const GATEWAYS = mode === 'two-gateways' ? 2 : 1;

/** What becomes of the holds of a gateway that died. The next one on its files releases them at its start; servers wait for their expiry. */
export const orphans =
  mode === 'embedded'
    ? { reason: 'gateway_restarted', releasedWithinMs: 0 }
    : { reason: 'expired', releasedWithinMs: 90_000 };

/** Configuration under which holds expire soon: half a minute after they were placed. */
export const SHORT_HOLDS = { REQUEST_TIMEOUT_MS: '5000', CLIENT_STALL_TIMEOUT_MS: '1000' };
