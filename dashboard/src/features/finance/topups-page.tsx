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
import { TOPUP_TONES } from '../../ui/tones.ts';
import { Choice, DayFilter, TextFilter } from './parts/filters.tsx';
import { AccountName, ShortId } from './parts/names.tsx';
import { TOPUP_CURRENCIES, TOPUP_METHODS, TOPUP_STATUSES, type TopupFilters } from './search-params.ts';
import { fileAddress } from './parts/pages.ts';
import { TopupLink } from './parts/topup-link.tsx';

export type Topup = Schema<'FinanceTopup'>;

const route = getRouteApi('/person/finance/topups');

export function TopupsPage() {
  const navigate = route.useNavigate();
  return <Topups filters={route.useSearch()} setFilters={(search) => void navigate({ search, replace: true })} />;
}

export interface TopupsProps {
  readonly filters: TopupFilters;
  readonly setFilters: (filters: TopupFilters) => void;
}

export function Topups({ filters, setFilters }: TopupsProps) {
  const { t } = useTranslation('finance');
  const columns = useColumns();
  const topups = api.useInfiniteQuery('get', '/api/finance/topups', { params: { query: filters } }, BY_CURSOR);
  return (
    <Page title={t('topups.title')} description={t('topups.description')}>
      <PagedTable
        query={topups}
        lines={10}
        name="finance-topups"
        label={t('topups.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('topups.empty')}
        filters={<Filters filters={filters} setFilters={setFilters} />}
        csv={fileAddress('/api/finance/topups', { ...filters, format: 'csv' })}
      />
    </Page>
  );
}

function Filters({ filters, setFilters }: TopupsProps) {
  const { t } = useTranslation('finance');
  const set = (change: TopupFilters) => setFilters({ ...filters, ...change });
  return (
    <>
      <Choice
        label={t('columns.status')}
        value={filters.status}
        choices={TOPUP_STATUSES}
        name={(status) => t(`topups.status.${status}`)}
        onChange={(status) => set({ status })}
      />
      <Choice
        label={t('topups.method')}
        value={filters.method}
        choices={TOPUP_METHODS}
        name={(method) => t(`topups.methods.${method}`)}
        onChange={(method) => set({ method })}
      />
      <Choice
        label={t('columns.currency')}
        value={filters.currency}
        choices={TOPUP_CURRENCIES}
        name={(currency) => currency.toUpperCase()}
        onChange={(currency) => set({ currency })}
      />
      <DayFilter label={t('from')} value={filters.from} onChange={(from) => set({ from })} />
      <DayFilter label={t('before')} value={filters.to} onChange={(to) => set({ to })} />
      <TextFilter label={t('columns.amount')} value={filters.amount} onChange={(amount) => set({ amount })} />
      <TextFilter label={t('columns.account')} value={filters.account_id} onChange={(id) => set({ account_id: id })} />
      <TextFilter label={t('topups.id')} value={filters.topup_id} onChange={(id) => set({ topup_id: id })} />
      <TextFilter
        label={t('topups.stripeId')}
        value={filters.stripe_id}
        placeholder="pi_… cs_…"
        onChange={(id) => set({ stripe_id: id })}
      />
    </>
  );
}

function useColumns(): readonly Column<Topup>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'at', header: t('topups.ordered'), cell: ({ ordered_at: at }) => <Instant at={at} /> },
    {
      key: 'id',
      header: t('topups.one'),
      cell: ({ id }) => <TopupLink id={id} />,
    },
    { key: 'account', header: t('columns.account'), cell: ({ account_id: id }) => <AccountName id={id} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ status }) => <Status tone={TOPUP_TONES[status]}>{t(`topups.status.${status}`)}</Status>,
    },
    { key: 'credit', header: t('columns.credit'), isNumeric: true, cell: ({ credit }) => <Money amount={credit} /> },
    {
      key: 'price',
      header: t('topups.price'),
      isNumeric: true,
      cell: ({ price, currency }) => <Money amount={price} currency={currency} />,
    },
    {
      key: 'refunded',
      header: t('topups.refunded'),
      isNumeric: true,
      cell: ({ refunded, currency }) => <Money amount={refunded} currency={currency} />,
    },
    { key: 'method', header: t('topups.method'), cell: ({ method }) => t(`topups.methods.${method}`) },
    { key: 'paid', header: t('topups.paid'), isExtra: true, cell: ({ paid_at: at }) => <Instant at={at} /> },
    {
      key: 'fee',
      header: t('topups.fee'),
      isNumeric: true,
      isExtra: true,
      cell: ({ settlement }) => <Money amount={settlement?.fee} currency={settlement?.currency ?? 'usd'} />,
    },
    {
      key: 'net',
      header: t('topups.net'),
      isNumeric: true,
      isExtra: true,
      cell: ({ settlement }) => <Money amount={settlement?.net} currency={settlement?.currency ?? 'usd'} />,
    },
    {
      key: 'stripe',
      header: t('topups.stripeId'),
      isExtra: true,
      cell: ({ payment_intent: intent, checkout_session: session }) => <ShortId id={intent ?? session} />,
    },
  ];
}
