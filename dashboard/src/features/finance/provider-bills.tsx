import { Button, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Person } from './parts/names.tsx';
import { ProviderDifferences } from './provider-differences.tsx';
import { ProviderImport } from './provider-import.tsx';

type Bill = Schema<'ProviderBill'>;

/** What providers bill, beside what was booked. */
export function ProviderBills() {
  const { t } = useTranslation('finance');
  const [isImporting, setIsImporting] = useState(false);
  const bills = api.useInfiniteQuery('get', '/api/finance/provider-bills', { params: { query: {} } }, BY_CURSOR);
  const columns: readonly Column<Bill>[] = [
    { key: 'at', header: t('providers.importedAt'), cell: ({ imported_at: at }) => <Instant at={at} /> },
    { key: 'channel', header: t('providers.channel'), cell: ({ channel }) => channel },
    { key: 'days', header: t('providers.days'), cell: ({ from, to }) => `${from} – ${to}` },
    { key: 'lines', header: t('providers.lines'), isNumeric: true, cell: ({ lines }) => countText(lines) },
    { key: 'booked', header: t('providers.booked'), isNumeric: true, cell: ({ booked }) => <Money amount={booked} /> },
    { key: 'billed', header: t('providers.billed'), isNumeric: true, cell: ({ billed }) => <Money amount={billed} /> },
    { key: 'by', header: t('providers.importedBy'), isExtra: true, cell: ({ imported_by: id }) => <Person id={id} /> },
  ];
  return (
    <Stack gap="lg">
      <ProviderDifferences />
      <Stack gap="xs">
        <Title order={2} size="h3">
          {t('providers.bills')}
        </Title>
        <PagedTable
          query={bills}
          lines={4}
          name="finance-bills"
          label={t('providers.bills')}
          columns={columns}
          rowKey={({ id }) => id}
          empty={t('providers.noBills')}
          filters={
            <Button size="xs" onClick={() => setIsImporting(true)}>
              {t('providers.import')}
            </Button>
          }
        />
      </Stack>
      <ProviderImport opened={isImporting} onClose={() => setIsImporting(false)} />
    </Stack>
  );
}
