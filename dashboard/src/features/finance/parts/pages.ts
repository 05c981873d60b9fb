import type { ReconciliationFilters } from '../search-params.ts';

/** The address of a file of /api with the filters that are set. */
export function fileAddress(path: string, filters: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(filters).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return `${path}?${new URLSearchParams(set).toString()}`;
}

/** The comparison with Stripe: a file of a period, whatever it is. */
export const comparisonFile = ({ from, to }: Pick<ReconciliationFilters, 'from' | 'to'>): string =>
  fileAddress('/api/finance/reconciliation/report.csv', { from: from || '2020-01-01', to: to || '2100-01-01' });

/** The differences with the bills of providers, of every day. */
export const DIFFERENCES_FILE = '/api/finance/provider-differences?show=all&format=csv';
