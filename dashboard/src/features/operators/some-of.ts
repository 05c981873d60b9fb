import { useState } from 'react';

const AT_ONCE = 50;

/** The first rows of a long list, and more of them on demand: a table of hundreds is slow to draw and to read. */
export function useSomeOf<Row>(rows: readonly Row[]) {
  const [count, setCount] = useState(AT_ONCE);
  return {
    rows: rows.slice(0, count),
    more: { has: rows.length > count, isLoading: false, show: () => setCount(count + AT_ONCE) },
  };
}
