import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Download } from '../../ui/download.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { AccountName } from './parts/names.tsx';
import { TopupLink } from './parts/topup-link.tsx';

type Invoice = Schema<'Invoice'>;
const YEARS_BACK = 5;

/** Invoices of every account, and the register of a year as a file. */
export function InvoicesRegister() {
  const { t } = useTranslation('finance');
  const invoices = api.useInfiniteQuery('get', '/api/finance/invoices', { params: { query: {} } }, BY_CURSOR);
  const columns = useColumns();
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('books.invoicesText')}
      </Text>
      <PagedTable
        query={invoices}
        lines={8}
        name="finance-invoices"
        label={t('books.tabs.invoices')}
        columns={columns}
        rowKey={({ number }) => number}
        empty={t('books.noInvoices')}
        filters={<Register />}
      />
    </Stack>
  );
}

function Register() {
  const { t } = useTranslation('finance');
  const thisYear = new Date().getUTCFullYear();
  const years = Array.from({ length: YEARS_BACK }, (_, back) => String(thisYear - back));
  const [year, setYear] = useState(String(thisYear));
  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect
        label={t('books.year')}
        size="xs"
        data={years}
        value={year}
        onChange={({ currentTarget }) => setYear(currentTarget.value)}
      />
      <Download href={`/api/finance/invoices/register.csv?year=${year}`} size="xs">
        {t('books.register')}
      </Download>
    </Group>
  );
}

function useColumns(): readonly Column<Invoice>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'number', header: t('books.number'), cell: ({ number }) => number },
    { key: 'issued', header: t('books.issued'), cell: ({ issued_at: at }) => <Instant at={at} style="date" /> },
    {
      key: 'buyer',
      header: t('books.buyer'),
      cell: ({ buyer, account_id: id }) => buyer?.name ?? <AccountName id={id} />,
    },
    {
      key: 'topup',
      header: t('topups.one'),
      cell: ({ topup_id: id }) => <TopupLink id={id} />,
    },
    {
      key: 'net',
      header: t('books.net'),
      isNumeric: true,
      cell: ({ net, currency }) => <Money amount={net} currency={currency} />,
    },
    {
      key: 'tax',
      header: t('books.tax'),
      isNumeric: true,
      cell: ({ tax, currency }) => <Money amount={tax} currency={currency} />,
    },
    {
      key: 'total',
      header: t('books.invoiceTotal'),
      isNumeric: true,
      cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
    },
    {
      key: 'notes',
      header: t('books.notes'),
      cell: ({ credit_notes: credit, debit_notes: debit }) =>
        [...credit, ...debit].map(({ number }) => number).join(', ') || '–',
    },
  ];
}
