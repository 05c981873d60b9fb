import { Alert, Code, Stack, Tabs, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { Instant, instantText } from '../../../ui/instant.tsx';
import { Link, LinkButton } from '../../../ui/link.tsx';
import { Money } from '../../../ui/money.tsx';
import { Page } from '../../../ui/page.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { ChangesTable } from './changes-table.tsx';
import { EditAsDraft } from './edit-as-draft.tsx';
import { ModelsTable } from './models-table.tsx';
import { VersionState } from './version-state.tsx';
import { Withdraw } from './withdraw.tsx';

type Document = Schema<'PriceListDocument'>;

const route = getRouteApi('/person/operator/prices/$version');

export function VersionPage() {
  const { t } = useTranslation('operators');
  const { version } = route.useParams();
  const document = api.useQuery('get', '/api/operator/price-lists/{version}', { params: { path: { version } } });
  const shown = document.data;
  const acts = shown !== undefined && (
    <>
      <EditAsDraft version={shown.version} />
      {shown.state === 'scheduled' && <Withdraw version={version} />}
    </>
  );
  return (
    <Page
      title={t('prices.versionOf', { version })}
      description={shown !== undefined && <VersionState state={shown.state} />}
      actions={acts}
    >
      <Link to="/operator/prices">{t('prices.back')}</Link>
      <QueryState query={document} lines={10}>
        {(loaded) => <VersionView document={loaded} />}
      </QueryState>
    </Page>
  );
}

function VersionView({ document }: { readonly document: Document }) {
  const { t } = useTranslation('operators');
  return (
    <Stack gap="lg">
      <Facts document={document} />
      <PricedOtherwise document={document} />
      <Tabs defaultValue="models" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="models">{t('prices.models')}</Tabs.Tab>
          <Tabs.Tab value="changes">{t('prices.changes')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="models">
          <ModelsTable models={document.models} />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <Changes version={document.version} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Facts({
  document: { effective_from: from, until, published_at: at, published_by: by, ...rest },
}: {
  readonly document: Document;
}) {
  const { t } = useTranslation('operators');
  return (
    <Stack gap={4}>
      <Text>
        {t('prices.from')} <Instant at={from} />
        {until !== null && (
          <>
            {' '}
            {t('prices.untilInstant')} <Instant at={until} />
          </>
        )}
      </Text>
      <Text>
        {t('prices.published')} <Instant at={at} />
        {by !== null && (
          <>
            {' '}
            · <Code>{by}</Code>
          </>
        )}
        {' · '}
        {rest.reason ?? t('prices.firstStart')}
      </Text>
      {rest.withdrawn !== null && (
        <Text>
          {t('prices.withdrawnFor', { reason: rest.withdrawn.reason })} <Code>{rest.withdrawn.by}</Code>{' '}
          <Instant at={rest.withdrawn.at} />
        </Text>
      )}
    </Stack>
  );
}

/** Of a version for the past: how many charges had other prices, and the way to price them again. */
function PricedOtherwise({ document }: { readonly document: Document }) {
  const isForThePast = document.effective_from < document.published_at && document.withdrawn === null;
  return isForThePast && document.published_by !== null ? <Otherwise document={document} /> : null;
}

function Otherwise({ document: { version } }: { readonly document: Document }) {
  const { t } = useTranslation('operators');
  const params = { path: { version: String(version) } };
  const found = api.useQuery('get', '/api/operator/price-lists/{version}/charges-priced-otherwise', { params });
  return (
    <QueryState query={found} lines={2}>
      {({ charges, total, from, until }) =>
        charges === 0 ? (
          <Text>{t('prices.noneOtherwise')}</Text>
        ) : (
          <Alert role="note" icon={<IconInfoCircle aria-hidden />} title={t('prices.otherwise', { count: charges })}>
            {t('prices.otherwiseTotal', { from: instantText(from) })} <Money amount={total} />
            <br />
            <LinkButton
              to="/operator/reratings/new"
              search={{ price_version: version, from, to: until ?? undefined }}
              size="xs"
              mt="sm"
            >
              {t('prices.rerate')}
            </LinkButton>
          </Alert>
        )
      }
    </QueryState>
  );
}

function Changes({ version }: { readonly version: number }) {
  const { t } = useTranslation('operators');
  const query = version > 1 ? { from: version - 1 } : {};
  const params = { path: { version: String(version) }, query };
  const diff = api.useQuery('get', '/api/operator/price-lists/{version}/diff', { params });
  return (
    <QueryState query={diff} lines={6}>
      {({ from, changes }) => (
        <Stack gap="sm">
          {from !== null && <Text>{t('prices.comparedWith', { version: from })}</Text>}
          <ChangesTable changes={changes} />
        </Stack>
      )}
    </QueryState>
  );
}
