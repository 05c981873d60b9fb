import { Anchor, Code } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Download } from '../../ui/download.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { CheckAll } from './check-all.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { eventWords, type LedgerEvent } from './event-words.ts';
import { ExplanationPage } from './explanation-page.tsx';
import { LedgerFilters } from './ledger-filters.tsx';

const route = getRouteApi('/person/account/ledger');

/** Everything that the ledger holds of one’s account, or the explanation of one charge. */
export function LedgerPage() {
  const { charge } = route.useSearch();
  return charge === undefined ? <Ledger /> : <ExplanationPage id={charge} />;
}

function Ledger() {
  const { t } = useTranslation('ledger');
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={<Download href="/api/events/download">{t('download')}</Download>}
    >
      <CheckAll />
      <Events />
      <EventDrawer />
    </Page>
  );
}

function Events() {
  const { t } = useTranslation('ledger');
  const { type, from, to } = route.useSearch();
  const query = { type, from, to, limit: 30 };
  const columns = useColumns();
  const events = api.useInfiniteQuery('get', '/api/events', { params: { query } }, BY_CURSOR);
  const isFiltered = type !== undefined || from !== undefined || to !== undefined;
  return (
    <>
      <LedgerFilters />
      <PagedTable
        query={events}
        lines={10}
        name="ledger"
        label={t('title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={
          isFiltered ? (
            t('nothingFound')
          ) : (
            <>
              {t('empty')} <Link to="/keys">{t('emptyAct')}</Link>
            </>
          )
        }
      />
    </>
  );
}

function useColumns(): readonly Column<LedgerEvent>[] {
  const { t } = useTranslation('ledger');
  return [
    { key: 'what', header: t('column.what'), cell: (event) => <What event={event} /> },
    { key: 'amount', header: t('column.amount'), isNumeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    {
      key: 'balance',
      header: t('column.balance'),
      isNumeric: true,
      cell: ({ balance_after }) => <Money amount={balance_after} />,
    },
    { key: 'at', header: t('column.at'), cell: ({ at }) => <Instant at={at} style="second" /> },
    { key: 'revision', header: t('column.revision'), isNumeric: true, cell: ({ revision }) => revision },
    { key: 'type', header: t('column.type'), isExtra: true, cell: ({ type }) => <Code>{type}</Code> },
  ];
}

/** Opens the event as it is stored. */
function What({ event }: { readonly event: LedgerEvent }) {
  const { t } = useTranslation('ledger');
  const navigate = route.useNavigate();
  return (
    <Anchor
      component="button"
      type="button"
      ta="left"
      size="sm"
      miw="16rem"
      onClick={() => void navigate({ search: (now) => ({ ...now, revision: event.revision }), resetScroll: false })}
    >
      {eventWords(t, event)}
    </Anchor>
  );
}
