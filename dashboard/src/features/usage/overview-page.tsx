import { SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { SLOWLY_MS, useLive } from '../../api/live.ts';
import { Lag } from '../../ui/lag.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Figures } from './figures.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LatestCalls } from './latest-calls.tsx';
import { LowBalance } from './low-balance.tsx';
import { SpendByDay, SpendByModel } from './spend.tsx';

export function OverviewPage() {
  const { t } = useTranslation('usage');
  useLive();
  const overview = api.useQuery('get', '/api/overview', {}, { refetchInterval: SLOWLY_MS });
  return (
    <Page
      title={t('overview.title')}
      description={overview.data && <Lag asOf={overview.data.as_of} />}
      actions={<LinkButton to="/topup">{t('overview.topup')}</LinkButton>}
    >
      <QueryState query={overview} lines={12}>
        {(data) => (
          <Stack gap="lg">
            <LowBalance overview={data} />
            <FirstSteps steps={data.first_steps} />
            <Figures overview={data} />
            {data.first_steps.call && (
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
                <SpendByDay days={data.spend.by_day} />
                <SpendByModel models={data.spend.by_model} />
              </SimpleGrid>
            )}
            <LatestCalls calls={data.latest_calls} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}
