import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { AccountLink } from './account-link.tsx';
import { knownWords } from './queue-words.ts';
import type { QueueSearch } from './searches.ts';

const route = getRouteApi('/person/operator/queue');

/** What waits for a person, by kind, the oldest first. */
export function QueuePage() {
  const { t } = useTranslation('ledger');
  return (
    <Page title={t('queue.title')} description={t('queue.description')}>
      <Filters />
      <Kinds />
      <Items />
    </Page>
  );
}

function useSearch() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<QueueSearch>) =>
    void navigate({ search: { ...search, ...changed }, replace: true, resetScroll: false });
  return { search, change };
}

function Filters() {
  const { t } = useTranslation('ledger');
  const { search, change } = useSearch();
  return (
    <Group align="flex-end" gap="md">
      <SegmentedControl
        aria-label={t('queue.status')}
        data={[
          { value: 'open', label: t('queue.open') },
          { value: 'dismissed', label: t('queue.dismissed') },
        ]}
        value={search.status ?? 'open'}
        onChange={(status) => change({ status: status === 'dismissed' ? 'dismissed' : undefined })}
      />
      <TextInput
        label={t('queue.account')}
        value={search.account ?? ''}
        onChange={({ currentTarget: { value } }) => change({ account: value.trim() || undefined })}
      />
    </Group>
  );
}

/** How many wait of each kind; each count is a filter. */
function Kinds() {
  const { t } = useTranslation('ledger');
  const { search, change } = useSearch();
  const query = search.account === undefined ? {} : { account_id: search.account };
  const counts = api.useQuery('get', '/api/operator/queue/counts', { params: { query } });
  if (search.status === 'dismissed' && search.kind === undefined) return null;
  return (
    <QueryState query={counts} lines={1}>
      {({ data }) => (
        <Group gap="xs" role="group" aria-label={t('queue.kinds')}>
          <Button
            size="xs"
            variant={search.kind === undefined ? 'filled' : 'default'}
            aria-pressed={search.kind === undefined}
            onClick={() => change({ kind: undefined })}
          >
            {t('queue.everyKind')}
          </Button>
          {data
            .filter(({ kind, count }) => count > 0 || kind === search.kind)
            .map(({ kind, count }) => (
              <Button
                key={kind}
                size="xs"
                variant={search.kind === kind ? 'filled' : 'default'}
                aria-pressed={search.kind === kind}
                onClick={() => change({ kind })}
              >
                {t(`queue.kind.${kind}`)} ({countText(count)})
              </Button>
            ))}
        </Group>
      )}
    </QueryState>
  );
}

function Items() {
  const { t } = useTranslation('ledger');
  const { kind, account, status } = route.useSearch();
  const query = { kind, account_id: account, status, limit: 20 };
  const items = api.useInfiniteQuery('get', '/api/operator/queue', { params: { query } }, BY_CURSOR);
  const columns = useColumns();
  return (
    <PagedTable
      query={items}
      lines={8}
      name="queue"
      label={t('queue.title')}
      columns={columns}
      rowKey={({ id, kind: its }) => `${its} ${id}`}
      empty={t(status === 'dismissed' ? 'queue.noneDismissed' : 'queue.empty')}
    />
  );
}

function useColumns(): readonly Column<Schema<'QueueItem'>>[] {
  const { t } = useTranslation('ledger');
  return [
    {
      key: 'kind',
      header: t('queue.column.kind'),
      cell: ({ id, kind }) => (
        <Link to="/operator/queue/$id" params={{ id }} size="sm">
          {t(`queue.kind.${kind}`)}
        </Link>
      ),
    },
    {
      key: 'known',
      header: t('queue.column.known'),
      cell: (item) => (
        <Stack gap={2} miw="16rem">
          <Text size="sm">{knownWords(t, item)}</Text>
          {item.dismissed !== null && (
            <Text size="xs" c="dimmed">
              {t('queue.dismissedBy', { who: item.dismissed.by, reason: item.dismissed.reason })}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      key: 'account',
      header: t('queue.column.account'),
      cell: ({ account_id }) => (account_id === null ? '–' : <AccountLink id={account_id} />),
    },
    { key: 'since', header: t('queue.column.since'), cell: ({ since }) => <Instant at={since} /> },
    { key: 'due', header: t('queue.column.due'), cell: ({ due_at }) => <Instant at={due_at} /> },
  ];
}
