import { Box, Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface FiguresColumn<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The side of amounts and counts is the right one. */
  readonly isNumeric?: boolean;
}

export interface FiguresProps<Row> {
  readonly label: string;
  readonly columns: readonly FiguresColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Sums, as /api tells them, under the same columns. */
  readonly totals?: readonly Row[];
}

/** A report as accountants lay it out: names on the left, figures on the right, sums under a line. */
export function Figures<Row>({ label, columns, rows, rowKey, totals = [] }: FiguresProps<Row>) {
  const line = (row: Row, isTotal: boolean) =>
    columns.map(({ key, cell, isNumeric }) => (
      <Table.Td key={key} ta={isNumeric ? 'right' : undefined} fw={isTotal ? 600 : undefined}>
        {cell(row)}
      </Table.Td>
    ));
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={label}>
      <Table verticalSpacing={6} style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, header, isNumeric }) => (
              <Table.Th key={key} scope="col" ta={isNumeric ? 'right' : undefined} style={{ verticalAlign: 'bottom' }}>
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>{line(row, false)}</Table.Tr>
          ))}
        </Table.Tbody>
        {totals.length > 0 && (
          <Table.Tfoot style={{ borderTop: '3px double var(--mantine-color-default-border)' }}>
            {totals.map((row) => (
              <Table.Tr key={rowKey(row)}>{line(row, true)}</Table.Tr>
            ))}
          </Table.Tfoot>
        )}
      </Table>
    </Box>
  );
}
