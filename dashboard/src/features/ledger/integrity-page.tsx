import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Checkpoints } from './checkpoints.tsx';
import { Seal } from './seal.tsx';
import { StartVerification } from './start-verification.tsx';
import { Verifications } from './verifications.tsx';

const LOOK_EVERY_MS = 10_000;

/** Whether the ledger is what was once written: its checkpoints, where they are, and what verifications found. */
export function IntegrityPage() {
  const { t } = useTranslation('ledger');
  const integrity = api.useQuery('get', '/api/operator/integrity', {}, { refetchInterval: LOOK_EVERY_MS });
  return (
    <Page title={t('integrity.title')} description={t('integrity.description')}>
      <QueryState query={integrity} lines={6}>
        {(found) => <Seal integrity={found} />}
      </QueryState>
      <Stack gap="sm">
        <Title order={2}>{t('integrity.verify')}</Title>
        <StartVerification newest={integrity.data?.checkpoint?.size} />
        <Verifications />
      </Stack>
      <Stack gap="sm">
        <Title order={2}>{t('integrity.checkpoints')}</Title>
        <Checkpoints />
      </Stack>
    </Page>
  );
}
