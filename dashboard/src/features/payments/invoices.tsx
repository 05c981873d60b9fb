import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR, moreOf, rowsOf } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';

type Invoice = Schema<'Invoice'>;

/** Invoices, each with the credit notes of its refunds. */
export function Invoices() {
  const { t } = useTranslation('payments');
  const list = api.useInfiniteQuery('get', '/api/invoices', { params: { query: { limit: 20 } } }, BY_CURSOR);
  const amount = (row: Invoice, text: string) => <Money amount={text} currency={row.currency.toUpperCase()} />;
  const columns: readonly Column<Invoice>[] = [
    {
      key: 'number',
      header: t('invoices.number'),
      cell: (row) => (
        <Anchor href={`/api/invoices/${row.number}`} target="_blank" inherit style={{ whiteSpace: 'nowrap' }}>
          {row.number}
        </Anchor>
      ),
    },
    { key: 'paid_at', header: t('invoices.date'), cell: (row) => <Instant at={row.paid_at} style="date" /> },
    { key: 'net', header: t('invoices.net'), isNumeric: true, isExtra: true, cell: (row) => amount(row, row.net) },
    { key: 'tax', header: t('invoices.tax'), isNumeric: true, cell: (row) => amount(row, row.tax) },
    { key: 'total', header: t('invoices.total'), isNumeric: true, cell: (row) => amount(row, row.total) },
    { key: 'notes', header: t('invoices.notes'), cell: (row) => <Notes invoice={row} /> },
  ];
  return (
    <Section title={t('invoices.title')} description={t('invoices.description')}>
      <QueryState
        query={list}
        lines={3}
        empty={t('invoices.empty')}
        isEmpty={({ pages }) => pages[0]?.data.length === 0}
      >
        {({ pages }) => (
          <DataTable
            name="invoices"
            label={t('invoices.title')}
            columns={columns}
            rows={rowsOf(pages)}
            rowKey={({ number }) => number}
            empty={t('invoices.empty')}
            more={moreOf(list)}
          />
        )}
      </QueryState>
    </Section>
  );
}

/** What corrects an invoice, with the amounts. */
function Notes({ invoice }: { readonly invoice: Invoice }) {
  const { t } = useTranslation('payments');
  const notes = [
    ...invoice.credit_notes.map((note) => ({ ...note, kind: 'credit' as const })),
    ...invoice.debit_notes.map((note) => ({ ...note, kind: 'debit' as const })),
  ];
  if (notes.length === 0) return <span>–</span>;
  return (
    <Stack gap={2}>
      {notes.map(({ number, kind, total }) => (
        <Text key={number} size="sm" component="div">
          {t(`invoices.${kind}`)} {number}: <Money amount={total} currency={invoice.currency.toUpperCase()} />
        </Text>
      ))}
    </Stack>
  );
}
