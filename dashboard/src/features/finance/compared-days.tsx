import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';

type Day = Schema<'ReconciledDay'>;
const COUNTS = ['matched', 'pending', 'ours_only', 'theirs_only', 'differs', 'resolved'] as const;

/** Days that were compared with Stripe: how many transactions agreed, and the balance on both sides. */
export function ComparedDays() {
  const { t } = useTranslation('finance');
  const days = api.useInfiniteQuery('get', '/api/finance/reconciliation', { params: { query: {} } }, BY_CURSOR);
  const columns: readonly Column<Day>[] = [
    { key: 'day', header: t('reconciliation.day'), cell: ({ id }) => id },
    ...COUNTS.map((count): Column<Day> => ({
      key: count,
      header: t(`reconciliation.status.${count}`),
      isNumeric: true,
      cell: ({ counts }) => countText(counts[count]),
    })),
    {
      key: 'theirs',
      header: t('reconciliation.atStripe'),
      isNumeric: true,
      cell: (day) => <Balances day={day} side="closing" />,
    },
    {
      key: 'ours',
      header: t('reconciliation.inLedger'),
      isNumeric: true,
      cell: (day) => <Balances day={day} side="ledger" />,
    },
    {
      key: 'explained',
      header: t('reconciliation.explained'),
      isNumeric: true,
      cell: (day) => <Balances day={day} side="explained" />,
    },
    {
      key: 'at',
      header: t('reconciliation.comparedAt'),
      isExtra: true,
      cell: ({ compared_at: at }) => <Instant at={at} />,
    },
    { key: 'source', header: t('reconciliation.source'), isExtra: true, cell: ({ source }) => source.toUpperCase() },
  ];
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('reconciliation.daysText')}
      </Text>
      <PagedTable
        query={days}
        lines={8}
        name="finance-days"
        label={t('reconciliation.tabs.days')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('reconciliation.noDays')}
      />
    </Stack>
  );
}

const Balances = ({ day, side }: { readonly day: Day; readonly side: 'closing' | 'ledger' | 'explained' }) => (
  <Stack gap={0}>
    {day.balances.map((balance) => (
      <Money key={balance.currency} amount={balance[side]} currency={balance.currency} />
    ))}
  </Stack>
);
