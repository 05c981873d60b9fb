import { Alert, Button, Group } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { countText, Instant } from '../../../ui/instant.tsx';
import { Link, LinkButton } from '../../../ui/link.tsx';
import { Page } from '../../../ui/page.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { useDraft } from './draft.ts';
import { EditAsDraft } from './edit-as-draft.tsx';
import { VersionState } from './version-state.tsx';

type Version = Schema<'PriceListVersion'>;

/** Every version of the price list, and the draft of this browser. */
export function PricesPage() {
  const { t } = useTranslation('operators');
  const versions = api.useQuery('get', '/api/operator/price-lists');
  const columns = useColumns();
  const inForce = versions.data?.data.find(({ state }) => state === 'in_force');
  return (
    <Page
      title={t('prices.title')}
      description={t('prices.description')}
      actions={
        inForce !== undefined && (
          <>
            <LinkButton to="/operator/prices/import" variant="default">
              {t('import.title')}
            </LinkButton>
            <EditAsDraft version={inForce.version} />
          </>
        )
      }
    >
      <DraftNotice />
      <QueryState query={versions} lines={8}>
        {({ data }) => (
          <DataTable
            name="operator-prices"
            label={t('prices.title')}
            columns={columns}
            rows={data}
            rowKey={({ version }) => String(version)}
            empty={t('prices.none')}
          />
        )}
      </QueryState>
    </Page>
  );
}

function DraftNotice() {
  const { t } = useTranslation('operators');
  const [draft, setDraft] = useDraft();
  if (draft === null) return null;
  return (
    <Alert role="note" icon={<IconPencil aria-hidden />} title={t('prices.draft')}>
      {t('prices.draftWhat', { version: draft.base ?? '–', count: draft.models.length })}
      <Group gap="sm" mt="sm">
        <LinkButton to="/operator/prices/draft" size="xs">
          {t('prices.goOn')}
        </LinkButton>
        <Button size="xs" variant="default" onClick={() => setDraft(null)}>
          {t('prices.throwAway')}
        </Button>
      </Group>
    </Alert>
  );
}

function useColumns(): Column<Version>[] {
  const { t } = useTranslation('operators');
  return [
    {
      key: 'version',
      header: t('prices.version'),
      cell: ({ version }) => (
        <Link to="/operator/prices/$version" params={{ version: String(version) }}>
          {t('prices.versionOf', { version })}
        </Link>
      ),
    },
    { key: 'state', header: t('accounts.state'), cell: ({ state }) => <VersionState state={state} /> },
    { key: 'from', header: t('prices.from'), cell: ({ effective_from: at }) => <Instant at={at} /> },
    {
      key: 'until',
      header: t('prices.until'),
      cell: ({ until }) => (until === null ? t('prices.openEnd') : <Instant at={until} />),
    },
    {
      key: 'models',
      header: t('prices.models'),
      isNumeric: true,
      cell: ({ model_count: count }) => countText(count),
    },
    { key: 'published', header: t('prices.published'), cell: ({ published_at: at }) => <Instant at={at} /> },
    { key: 'reason', header: t('account.reason'), cell: ({ reason }) => reason ?? t('prices.firstStart') },
  ];
}
