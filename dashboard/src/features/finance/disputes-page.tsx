import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { DisputeCase } from './dispute-case.tsx';
import { DISPUTE_STATUSES, type DisputeFilters } from './search-params.ts';
import { Deadline } from './parts/deadline.tsx';
import { Choice } from './parts/filters.tsx';
import { AccountName } from './parts/names.tsx';
import { DISPUTE_TONES } from '../../ui/tones.ts';

type Dispute = Schema<'Dispute'>;

const route = getRouteApi('/person/finance/disputes');

export function DisputesPage() {
  const navigate = route.useNavigate();
  return <Disputes filters={route.useSearch()} setFilters={(search) => void navigate({ search, replace: true })} />;
}

export interface DisputesProps {
  readonly filters: DisputeFilters;
  readonly setFilters: (filters: DisputeFilters) => void;
}

export function Disputes({ filters, setFilters }: DisputesProps) {
  const { t } = useTranslation('finance');
  const { status, dispute } = filters;
  const disputes = api.useInfiniteQuery('get', '/api/finance/disputes', { params: { query: { status } } }, BY_CURSOR);
  const columns = useColumns((id) => setFilters({ status, dispute: id }));
  return (
    <Page title={t('disputes.title')} description={t('disputes.description')}>
      <PagedTable
        query={disputes}
        lines={8}
        name="finance-disputes"
        label={t('disputes.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('disputes.empty')}
        filters={
          <Choice
            label={t('columns.status')}
            value={status}
            choices={DISPUTE_STATUSES}
            name={(each) => t(`disputes.status.${each}`)}
            onChange={(each) => setFilters({ status: each, dispute })}
          />
        }
      />
      <DisputeCase id={dispute} onClose={() => setFilters({ status, dispute: undefined })} />
    </Page>
  );
}

function useColumns(open: (id: string) => void): readonly Column<Dispute>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'at', header: t('disputes.opened'), cell: ({ opened_at: at }) => <Instant at={at} style="date" /> },
    { key: 'account', header: t('columns.account'), cell: ({ account_id: id }) => <AccountName id={id} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ status, inquiry }) => (
        <Status tone={DISPUTE_TONES[status]}>
          {inquiry && status === 'open' ? t('disputes.inquiry') : t(`disputes.status.${status}`)}
        </Status>
      ),
    },
    { key: 'amount', header: t('disputes.amount'), isNumeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    { key: 'reason', header: t('columns.reason'), cell: ({ reason }) => inWords(reason) },
    { key: 'due', header: t('disputes.deadline'), cell: (dispute) => <Deadline dispute={dispute} /> },
    {
      key: 'act',
      header: t('columns.act'),
      cell: ({ id }) => (
        <Button size="compact-sm" variant="default" onClick={() => open(id)} aria-label={t('disputes.openOf', { id })}>
          {t('disputes.openIt')}
        </Button>
      ),
    },
  ];
}
