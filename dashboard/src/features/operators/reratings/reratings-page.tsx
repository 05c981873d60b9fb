import { Code, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { countText, Instant } from '../../../ui/instant.tsx';
import { Link, LinkButton } from '../../../ui/link.tsx';
import { Money } from '../../../ui/money.tsx';
import { Page } from '../../../ui/page.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { RUN_STATUSES } from '../searches.ts';
import { RunStatus } from './run-status.tsx';

type Run = Schema<'ReratingRun'>;

const route = getRouteApi('/person/operator/reratings');

/** Every re-rating, and the way to a new one. */
export function ReratingsPage() {
  const { t } = useTranslation('operators');
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const query = status === undefined ? {} : { status };
  const runs = api.useInfiniteQuery('get', '/api/operator/reratings', { params: { query } }, BY_CURSOR);
  const filter = (
    <Select
      label={t('accounts.state')}
      data={[
        { value: '', label: t('accounts.every') },
        ...RUN_STATUSES.map((value) => ({ value, label: t(`runs.states.${value}`) })),
      ]}
      value={status ?? ''}
      allowDeselect={false}
      onChange={(value) => void navigate({ search: { status: RUN_STATUSES.find((each) => each === value) } })}
    />
  );
  return (
    <Page
      title={t('runs.title')}
      description={t('runs.description')}
      actions={<LinkButton to="/operator/reratings/new">{t('runs.new')}</LinkButton>}
    >
      <PagedTable
        query={runs}
        lines={6}
        name="operator-reratings"
        label={t('runs.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('runs.none')}
        filters={filter}
      />
    </Page>
  );
}

function useColumns(): Column<Run>[] {
  const { t } = useTranslation('operators');
  return [
    {
      key: 'proposed',
      header: t('runs.proposed'),
      cell: ({ id, proposed_at: at }) => (
        <Link to="/operator/reratings/$id" params={{ id }}>
          <Instant at={at} />
        </Link>
      ),
    },
    { key: 'state', header: t('accounts.state'), cell: ({ status }) => <RunStatus status={status} /> },
    {
      key: 'what',
      header: t('runs.what'),
      cell: ({ price_version: version }) =>
        version === null ? t('runs.reversal') : t('prices.versionOf', { version }),
    },
    { key: 'from', header: t('runs.from'), cell: ({ from }) => <Instant at={from} /> },
    { key: 'to', header: t('runs.to'), cell: ({ to }) => <Instant at={to} /> },
    {
      key: 'charges',
      header: t('runs.charges'),
      isNumeric: true,
      cell: ({ planned }) => countText(planned.charges),
    },
    {
      key: 'difference',
      header: t('runs.difference'),
      isNumeric: true,
      cell: ({ planned }) => <Money amount={planned.difference} />,
    },
    { key: 'reason', header: t('account.reason'), isExtra: true, cell: ({ reason }) => reason },
    { key: 'id', header: t('runs.id'), isExtra: true, cell: ({ id }) => <Code>{id}</Code> },
  ];
}
