import type { CallSummary } from '../../proxy/index.js';

/** What the figures of providers cover. */
export const WINDOW_MINUTES = 15;

/** Counts, share and latency, as /api shows them. */
export const showFigures = ({ calls, failed, p50, p95 }: CallSummary) => ({
  calls,
  failed,
  failed_percent: calls === 0 ? null : ((failed / calls) * 100).toFixed(1),
  latency_ms_p50: p50 === undefined ? null : Math.round(p50),
  latency_ms_p95: p95 === undefined ? null : Math.round(p95),
});
