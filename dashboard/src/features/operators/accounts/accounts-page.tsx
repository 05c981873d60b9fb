import { Code, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { countText, Instant } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';
import { Money } from '../../../ui/money.tsx';
import { Page } from '../../../ui/page.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { AccountSearch } from '../account-search.tsx';
import { ACCOUNT_STATES, type AccountsSearch } from '../searches.ts';
import { AccountState } from './account-state.tsx';

type Account = Schema<'AccountSummary'>;

const route = getRouteApi('/person/operator/accounts');

export function AccountsPage() {
  const { t } = useTranslation('operators');
  const { search, state } = route.useSearch();
  return (
    <Page title={t('accounts.title')} description={t('accounts.description')}>
      <AccountSearch key={search ?? ''} value={search} />
      <Accounts search={search} state={state} />
    </Page>
  );
}

function Accounts({ search, state }: AccountsSearch) {
  const { t } = useTranslation('operators');
  const navigate = route.useNavigate();
  const columns = useColumns();
  const query = { ...(search !== undefined && { search }), ...(state !== undefined && { state }) };
  const accounts = api.useInfiniteQuery('get', '/api/operator/accounts', { params: { query } }, BY_CURSOR);
  const filter = (
    <Select
      label={t('accounts.state')}
      data={[
        { value: '', label: t('accounts.every') },
        ...ACCOUNT_STATES.map((value) => ({ value, label: t(`accounts.states.${value}`) })),
      ]}
      value={state ?? ''}
      allowDeselect={false}
      onChange={(value) => void navigate({ search: { search, state: ACCOUNT_STATES.find((each) => each === value) } })}
    />
  );
  return (
    <PagedTable
      query={accounts}
      lines={8}
      name="operator-accounts"
      label={t('accounts.title')}
      columns={columns}
      rowKey={({ id }) => id}
      empty={search === undefined ? t('accounts.none') : t('accounts.notFound')}
      filters={filter}
    />
  );
}

function useColumns(): Column<Account>[] {
  const { t } = useTranslation('operators');
  return [
    {
      key: 'owner',
      header: t('accounts.owner'),
      cell: ({ id, email }) => (
        <Link to="/operator/accounts/$id" params={{ id }}>
          {email ?? t('accounts.nobody')}
        </Link>
      ),
    },
    { key: 'id', header: t('accounts.id'), cell: ({ id }) => <Code>{id}</Code> },
    { key: 'state', header: t('accounts.state'), cell: ({ state }) => <AccountState state={state} /> },
    {
      key: 'balance',
      header: t('accounts.balance'),
      isNumeric: true,
      cell: ({ balance }) => <Money amount={balance} />,
    },
    { key: 'spent', header: t('accounts.spent'), isNumeric: true, cell: ({ spent }) => <Money amount={spent} /> },
    {
      key: 'calls',
      header: t('accounts.calls'),
      isNumeric: true,
      isExtra: true,
      cell: ({ charges }) => countText(charges),
    },
    { key: 'lastCall', header: t('accounts.lastCall'), cell: ({ last_call_at: at }) => <Instant at={at} /> },
    {
      key: 'opened',
      header: t('accounts.opened'),
      isExtra: true,
      cell: ({ opened_at: at }) => <Instant at={at} style="date" />,
    },
    {
      key: 'foundBy',
      header: t('accounts.foundBy'),
      cell: ({ found_by: by }) => (by === null ? '–' : t(`accounts.by.${by}`)),
    },
  ];
}
