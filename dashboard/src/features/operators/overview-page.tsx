import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { AccountSearch } from './account-search.tsx';
import { LedgerHealth } from './overview/ledger-health.tsx';
import { PricesNow } from './overview/prices-now.tsx';
import { Providers } from './overview/providers.tsx';
import { Waiting } from './overview/waiting.tsx';

const ASK_EVERY_MS = 15_000;

/** The first screen of operators, and of those who help customers. */
export function OverviewPage() {
  const { t } = useTranslation('operators');
  const overview = api.useQuery('get', '/api/operator/overview', {}, { refetchInterval: ASK_EVERY_MS });
  return (
    <Page title={t('overview.title')} description={t('overview.description')}>
      <AccountSearch />
      <QueryState query={overview} lines={10}>
        {(shown) => (
          <Stack gap="lg">
            <Waiting overview={shown} />
            <PricesNow overview={shown} />
            <LedgerHealth overview={shown} />
          </Stack>
        )}
      </QueryState>
      <Providers />
    </Page>
  );
}
