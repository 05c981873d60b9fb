import { Code, Table } from '@mantine/core';
import { Money } from '../../ui/money.tsx';
import { ScrolledTable } from '../../ui/scrolled-table.tsx';

export interface BookLinesProps {
  readonly label: string;
  readonly lines: readonly { readonly account: string; readonly amount: string; readonly currency: string }[];
  /** Whether the label stands above the lines. */
  readonly isCaptioned?: boolean;
}

/** Accounts of the books, with what is on each or is booked there, to the last digit. */
export const BookLines = ({ label, lines, isCaptioned = false }: BookLinesProps) => (
  <ScrolledTable label={label}>
    {isCaptioned && (
      <Table.Caption ta="left" style={{ captionSide: 'top' }}>
        {label}
      </Table.Caption>
    )}
    <Table.Tbody>
      {lines.map(({ account, amount, currency }, index) => (
        <Table.Tr key={index}>
          <Table.Th scope="row">
            <Code>{account}</Code>
          </Table.Th>
          <Table.Td ta="right">
            <Money amount={amount} currency={currency} whole />
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </ScrolledTable>
);
