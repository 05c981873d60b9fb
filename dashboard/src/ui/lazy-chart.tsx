import { Box } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './chart.tsx';

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }));

/** A chart, with its place kept free until the code that draws it has come. */
export const LazyChart = (props: ChartProps) => (
  <Suspense fallback={<Box h={240} aria-busy="true" />}>
    <Chart {...props} />
  </Suspense>
);
