import type { RowDifference } from '../../event-store/index.js';

/** A difference between a read model and its events, as a sentence. */
export function differenceText({ view, row, kind, field, live, rebuilt }: RowDifference): string {
  const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  if (kind === 'missing') return `${view} ${row}: the row is missing; rebuilt: ${text(rebuilt)}`;
  if (kind === 'extra') return `${view} ${row}: the row is extra, no event makes it; live: ${text(live)}`;
  return `${view} ${row}: ${field} differs; live: ${text(live)}, rebuilt: ${text(rebuilt)}`;
}
