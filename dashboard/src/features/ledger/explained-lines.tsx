import { Code, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Money } from '../../ui/money.tsx';
import { ScrolledTable } from './scrolled-table.tsx';

/** Each multiplication, and the sum as the ledger has it. */
export function ExplainedLines({
  lines,
  sum,
}: {
  readonly lines: readonly Schema<'ExplainedLine'>[];
  readonly sum: string | null;
}) {
  const { t } = useTranslation('ledger');
  return (
    <ScrolledTable label={t('explain.lines')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('explain.kind')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('explain.count')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('explain.rate')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('explain.product')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(({ kind, count, rate, amount }) => (
          <Table.Tr key={kind}>
            <Table.Td>
              <Code>{kind}</Code>
            </Table.Td>
            <Table.Td ta="right">{count}</Table.Td>
            <Table.Td ta="right">
              × <Money amount={rate} whole />
            </Table.Td>
            <Table.Td ta="right">
              = <Money amount={amount} whole />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row" colSpan={3}>
            {t('explain.sum')}
          </Table.Th>
          <Table.Th ta="right">
            <Money amount={sum} whole />
          </Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </ScrolledTable>
  );
}

/** Which credit paid, or got it back, in order. */
export function ExplainedSlices({ slices }: { readonly slices: readonly Schema<'ExplainedSlice'>[] }) {
  const { t } = useTranslation('ledger');
  return (
    <ScrolledTable label={t('explain.slices')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('explain.lot')}</Table.Th>
          {(['amount', 'had', 'left'] as const).map((column) => (
            <Table.Th scope="col" ta="right" key={column}>
              {t(`explain.${column}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {slices.map(({ lot_id, kind, amount, before, after }) => (
          <Table.Tr key={lot_id}>
            <Table.Td>
              {t(kind === 'bonus' ? 'explain.bonus' : 'explain.paid')} <Code>{lot_id}</Code>
            </Table.Td>
            {[amount, before, after].map((figure, index) => (
              <Table.Td ta="right" key={index}>
                <Money amount={figure} whole />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrolledTable>
  );
}
