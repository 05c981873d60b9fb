import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { DayFilter } from './parts/filters.tsx';
import { ShortId } from './parts/names.tsx';
import { comparisonFile } from './parts/pages.ts';
import { Sums } from './parts/sums.tsx';
import { ITEM_TONES } from '../../ui/tones.ts';
import type { ItemsProps } from './reconciliation-items.tsx';
import { TopupLink } from './parts/topup-link.tsx';

type Transaction = Schema<'BookedTransaction'>;

/** Everything that was booked on the balance at Stripe, with how it compares. */
export function BookedTransactions({ filters, set }: ItemsProps) {
  const { t } = useTranslation('finance');
  const { from, to } = filters;
  const path = '/api/finance/reconciliation/transactions';
  const transactions = api.useInfiniteQuery('get', path, { params: { query: { from, to } } }, BY_CURSOR);
  const columns = useColumns();
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('reconciliation.transactionsText')}
      </Text>
      <PagedTable
        query={transactions}
        lines={8}
        name="finance-transactions"
        label={t('reconciliation.tabs.transactions')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('reconciliation.noTransactions')}
        filters={
          <>
            <DayFilter label={t('from')} value={from} onChange={(day) => set({ from: day })} />
            <DayFilter label={t('before')} value={to} onChange={(day) => set({ to: day })} />
          </>
        }
        csv={comparisonFile({ from, to })}
      />
    </Stack>
  );
}

const KINDS = [
  'payment',
  'refund',
  'refund_failure',
  'dispute',
  'dispute_reversal',
  'payout',
  'payout_failure',
  'resolution',
] as const;
const isKind = (what: string): what is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(what);

function useColumns(): readonly Column<Transaction>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'date', header: t('columns.when'), cell: ({ date }) => <Instant at={date} /> },
    { key: 'id', header: t('reconciliation.transaction'), cell: ({ id }) => <ShortId id={id} /> },
    {
      key: 'what',
      header: t('reconciliation.what'),
      cell: ({ what }) => (isKind(what) ? t(`reconciliation.kinds.${what}`) : what),
    },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ status }) => <Status tone={ITEM_TONES[status]}>{t(`reconciliation.status.${status}`)}</Status>,
    },
    {
      key: 'topup',
      header: t('topups.one'),
      cell: ({ topup_id: id }) => (id === null ? '–' : <TopupLink id={id} />),
    },
    { key: 'ours', header: t('reconciliation.ours'), isNumeric: true, cell: ({ ledger }) => <Sums sums={ledger} /> },
  ];
}
