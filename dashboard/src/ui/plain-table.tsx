import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { ScrolledTable } from './scrolled-table.tsx';

export interface PlainColumn<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Amounts and counts stand on the right. */
  readonly isNumeric?: boolean;
}

export interface PlainTableProps<Row> {
  /** What the table shows, for those who can't see it. */
  readonly label: string;
  readonly columns: readonly PlainColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Sums, as /api tells them, under the same columns. */
  readonly totals?: readonly Row[];
  /** Whether the names of columns never take a second line. */
  readonly isHeadOneLine?: boolean;
}

/** Rows under their columns, as accountants lay them out: names on the left, figures on the right, sums under a line. */
export function PlainTable<Row>(props: PlainTableProps<Row>) {
  const { label, columns, rows, rowKey, totals = [], isHeadOneLine = false } = props;
  const headStyle = { verticalAlign: 'bottom', whiteSpace: isHeadOneLine ? 'nowrap' : undefined } as const;
  const line = (row: Row, isTotal: boolean) => (
    <Table.Tr key={rowKey(row)} fw={isTotal ? 600 : undefined}>
      {columns.map(({ key, cell, isNumeric }) => (
        <Table.Td key={key} ta={isNumeric ? 'right' : undefined}>
          {cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
  return (
    <ScrolledTable label={label} highlightOnHover style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ key, header, isNumeric }) => (
            <Table.Th key={key} scope="col" ta={isNumeric ? 'right' : undefined} style={headStyle}>
              {header}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{rows.map((row) => line(row, false))}</Table.Tbody>
      {totals.length > 0 && (
        <Table.Tfoot style={{ borderTop: '3px double var(--mantine-color-default-border)' }}>
          {totals.map((row) => line(row, true))}
        </Table.Tfoot>
      )}
    </ScrolledTable>
  );
}
