import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { countText } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { ProjectionTable } from './projection-table.tsx';
import { type ReplayWish, StartReplay } from './start-replay.tsx';
import { PastRows } from './past-rows.tsx';
import { Replays } from './replays.tsx';

const route = getRouteApi('/person/operator/projections');
const LOOK_EVERY_MS = 5_000;

/** How the read models stand; operators rebuild them here, and compare them with the ledger. */
export function ProjectionsPage() {
  const { t } = useTranslation('ledger');
  const { past } = route.useSearch();
  const navigate = route.useNavigate();
  const [wish, setWish] = useState<ReplayWish>();
  const projections = api.useQuery('get', '/api/operator/projections', {}, { refetchInterval: LOOK_EVERY_MS });
  return (
    <Page
      title={t('projections.title')}
      description={t('projections.description')}
      actions={
        <>
          <Button variant="default" onClick={() => setWish({ views: [], diff: true })}>
            {t('projections.compareAll')}
          </Button>
          <Button onClick={() => setWish({ views: [], diff: false })}>{t('projections.rebuildAll')}</Button>
        </>
      }
    >
      <QueryState query={projections} lines={12}>
        {({ head, data }) => {
          const stopped = data.filter(({ state }) => state === 'stopped');
          return (
            <>
              {stopped.map(({ name, reason }) => (
                <Alert key={name} color="red" title={t('projections.stopped', { name })}>
                  {reason}
                </Alert>
              ))}
              <ProjectionTable
                rows={data}
                caption={t('projections.head', { head: countText(head) })}
                onWish={setWish}
              />
            </>
          );
        }}
      </QueryState>
      <Stack gap="sm">
        <Title order={2}>{t('projections.runs')}</Title>
        <Replays />
      </Stack>
      <Stack gap="sm">
        <Title order={2}>{t('past.title')}</Title>
        <Text c="dimmed">{t('past.description')}</Text>
        <PastRows job={past} onStart={(job) => void navigate({ search: { past: job }, replace: true })} />
      </Stack>
      <StartReplay wish={wish} onClose={() => setWish(undefined)} />
    </Page>
  );
}
