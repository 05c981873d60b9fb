// The only file that makes numbers of amounts: a pixel needs no more digits. Every tooltip tells the decimal string.
import { BarChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Box } from '@mantine/core';

export interface ChartProps {
  /** What the chart shows, for those who can't see it; a table with the same figures stands beside it. */
  readonly label: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** The field on the horizontal axis. */
  readonly x: string;
  /** The fields that are drawn, each a decimal string. */
  readonly series: readonly { readonly key: string; readonly label: string; readonly color: string }[];
  /** How a decimal string is written. */
  readonly format: (amount: string) => string;
  readonly kind?: 'bar' | 'line';
  readonly isStacked?: boolean;
}

export function Chart({ label, rows, x, series, format, kind = 'bar', isStacked = false }: ChartProps) {
  const data = rows.map((row) => ({
    ...row,
    ...Object.fromEntries(series.map(({ key }) => [key, Number(row[key] ?? '0')])),
  }));
  const common = {
    h: 240,
    data,
    dataKey: x,
    series: series.map(({ key, label: name, color }) => ({ name: key, label: name, color })),
    valueFormatter: (value: number) => format(String(value)),
    withLegend: series.length > 1,
    yAxisProps: { width: 84 },
  };
  return (
    // A tooltip that has gone stays where it was, hidden, and would make a page that has become narrower scroll sideways.
    <Box role="img" aria-label={label} style={{ overflow: 'clip' }}>
      {kind === 'bar' ? (
        <BarChart {...common} type={isStacked ? 'stacked' : 'default'} barProps={{ maxBarSize: 48 }} />
      ) : (
        <LineChart {...common} />
      )}
    </Box>
  );
}
