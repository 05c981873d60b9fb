import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { Choice } from './parts/filters.tsx';
import { ShortId } from './parts/names.tsx';
import { PAYOUT_STATUSES } from './search-params.ts';

type Payout = Schema<'Payout'>;

const route = getRouteApi('/person/finance/payouts');

/** Payouts of the balance at Stripe to our bank. */
export function PayoutsPage() {
  const { t } = useTranslation('finance');
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const payouts = api.useInfiniteQuery('get', '/api/finance/payouts', { params: { query: { status } } }, BY_CURSOR);
  const columns: readonly Column<Payout>[] = [
    { key: 'at', header: t('payouts.reported'), cell: ({ reported_at: at }) => <Instant at={at} /> },
    { key: 'id', header: t('payouts.id'), cell: ({ id }) => <ShortId id={id} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: (payout) => (
        <Status tone={payout.status === 'paid' ? 'good' : 'bad'}>{t(`payouts.status.${payout.status}`)}</Status>
      ),
    },
    {
      key: 'amount',
      header: t('payouts.amount'),
      isNumeric: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
    },
    {
      key: 'fee',
      header: t('topups.fee'),
      isNumeric: true,
      cell: ({ fee, currency }) => <Money amount={fee} currency={currency} />,
    },
    { key: 'failed', header: t('payouts.failed'), cell: ({ failed_at: at }) => <Instant at={at} /> },
  ];
  return (
    <Page title={t('payouts.title')} description={t('payouts.description')}>
      <PagedTable
        query={payouts}
        lines={8}
        name="finance-payouts"
        label={t('payouts.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('payouts.empty')}
        filters={
          <Choice
            label={t('columns.status')}
            value={status}
            choices={PAYOUT_STATUSES}
            name={(each) => t(`payouts.status.${each}`)}
            onChange={(each) => void navigate({ search: { status: each }, replace: true })}
          />
        }
      />
    </Page>
  );
}
