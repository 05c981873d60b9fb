import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { Choice, TextFilter } from './parts/filters.tsx';
import { AccountName, Person } from './parts/names.tsx';
import { Reason } from './parts/reason.tsx';
import { REFUND_TONES } from '../../ui/tones.ts';
import { REFUND_STATUSES, type RefundFilters } from './search-params.ts';
import { RefundCase } from './refund-case.tsx';
import { RefundRequest } from './refund-request.tsx';
import { TopupLink } from './parts/topup-link.tsx';

export type Refund = Schema<'FinanceRefund'>;

const route = getRouteApi('/person/finance/refunds');

export function RefundsPage() {
  const navigate = route.useNavigate();
  return <Refunds filters={route.useSearch()} setFilters={(search) => void navigate({ search, replace: true })} />;
}

export interface RefundsProps {
  readonly filters: RefundFilters;
  readonly setFilters: (filters: RefundFilters) => void;
}

export function Refunds({ filters, setFilters }: RefundsProps) {
  const { t } = useTranslation('finance');
  const [isAsking, setIsAsking] = useState(false);
  const { refund, ...query } = filters;
  const refunds = api.useInfiniteQuery('get', '/api/finance/refunds', { params: { query } }, BY_CURSOR);
  const set = (change: RefundFilters) => setFilters({ ...filters, ...change });
  const columns = useColumns((id) => set({ refund: id }));
  return (
    <Page
      title={t('refunds.title')}
      description={t('refunds.description')}
      actions={<Button onClick={() => setIsAsking(true)}>{t('refunds.ask')}</Button>}
    >
      <PagedTable
        query={refunds}
        lines={10}
        name="finance-refunds"
        label={t('refunds.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t(filters.status === 'requested' ? 'refunds.noneWaiting' : 'refunds.empty')}
        filters={<Filters filters={filters} set={set} />}
      />
      <RefundCase id={refund} onClose={() => set({ refund: undefined })} />
      <RefundRequest opened={isAsking} onClose={() => setIsAsking(false)} />
    </Page>
  );
}

function Filters({ filters, set }: { readonly filters: RefundFilters; readonly set: (change: RefundFilters) => void }) {
  const { t } = useTranslation('finance');
  return (
    <>
      <Choice
        label={t('columns.status')}
        value={filters.status}
        choices={REFUND_STATUSES}
        name={(status) => t(`refunds.status.${status}`)}
        onChange={(status) => set({ status })}
      />
      <TextFilter label={t('columns.account')} value={filters.account_id} onChange={(id) => set({ account_id: id })} />
      <TextFilter label={t('topups.id')} value={filters.topup_id} onChange={(id) => set({ topup_id: id })} />
    </>
  );
}

function RefundStatus({ refund: { status, stuck, by_hand: ends } }: { readonly refund: Refund }) {
  const { t } = useTranslation('finance');
  if (status === 'approved' && ends.length > 0) return <Status tone="waiting">{t('refunds.endProposed')}</Status>;
  if (stuck) return <Status tone="bad">{t('refunds.stuck')}</Status>;
  return <Status tone={REFUND_TONES[status]}>{t(`refunds.status.${status}`)}</Status>;
}

function useColumns(open: (id: string) => void): readonly Column<Refund>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'at', header: t('refunds.asked'), cell: ({ requested_at: at }) => <Instant at={at} /> },
    { key: 'account', header: t('columns.account'), cell: ({ account_id: id }) => <AccountName id={id} /> },
    {
      key: 'topup',
      header: t('refunds.ofTopup'),
      isExtra: true,
      cell: ({ topup_id: id }) => <TopupLink id={id} />,
    },
    {
      key: 'status',
      header: t('columns.status'),
      cell: (refund) => <RefundStatus refund={refund} />,
    },
    { key: 'credit', header: t('columns.credit'), isNumeric: true, cell: ({ credit }) => <Money amount={credit} /> },
    {
      key: 'amount',
      header: t('refunds.paidBack'),
      isNumeric: true,
      isExtra: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency ?? 'usd'} />,
    },
    { key: 'who', header: t('refunds.who'), cell: ({ requested_by: id }) => <Person id={id} /> },
    { key: 'why', header: t('columns.reason'), cell: ({ reason }) => <Reason reason={reason} /> },
    {
      key: 'decided',
      header: t('refunds.decided'),
      isExtra: true, // so that what can be done stands on the page, not beside it
      cell: ({ approved_by: approved, declined_by: declined }) => <Person id={approved ?? declined} />,
    },
    {
      key: 'act',
      header: t('columns.act'),
      cell: ({ id, status, credit }) => (
        <Button
          size="compact-sm"
          variant={status === 'requested' ? 'filled' : 'default'}
          onClick={() => open(id)}
          aria-label={t(status === 'requested' ? 'refunds.reviewOf' : 'refunds.openOf', { credit })}
        >
          {t(status === 'requested' ? 'refunds.review' : 'refunds.open')}
        </Button>
      ),
    },
  ];
}
