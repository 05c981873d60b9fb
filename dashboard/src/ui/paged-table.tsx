import { moreOf, type Pages, rowsOf } from '../api/pages.ts';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { QueryState, type QueryStateProps } from './query-state.tsx';

interface PagedTableProps<Row> extends Omit<DataTableProps<Row>, 'rows' | 'more'> {
  /** Of `api.useInfiniteQuery`, with `BY_CURSOR`. */
  readonly query: QueryStateProps<{ readonly pages: readonly { readonly data: readonly Row[] }[] }>['query'] & Pages;
  readonly lines?: number;
}

/** A table of a list of /api, which is read page by page. */
export const PagedTable = <Row,>({ query, lines = 4, ...table }: PagedTableProps<Row>) => (
  <QueryState query={query} lines={lines}>
    {({ pages }) => <DataTable {...table} rows={rowsOf(pages)} more={moreOf(query)} />}
  </QueryState>
);
