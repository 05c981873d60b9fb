import { Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import type { Job } from '../../../ui/job-progress.tsx';
import { LinkButton } from '../../../ui/link.tsx';
import { readNewRunSearch } from '../searches.ts';
import { Planned } from './planned.tsx';
import { runChanged } from './run-acts.tsx';
import { RunTotals } from './run-totals.tsx';

/** What a dry run came to: a proposal of its own page, or figures that nobody has proposed. */
export function FoundRun({ job }: { readonly job: Job }) {
  const { t } = useTranslation('operators');
  const id = job.result?.['rerating_id'];
  useEffect(() => void runChanged(), []);
  if (typeof id !== 'string') return <DryRun job={job} />;
  return (
    <Group>
      <Text>{t('runs.found')}</Text>
      <LinkButton to="/operator/reratings/$id" params={{ id }}>
        {t('runs.look')}
      </LinkButton>
    </Group>
  );
}

function DryRun({ job: { id, input, result } }: { readonly job: Job }) {
  const { t } = useTranslation('operators');
  const planned = result?.['planned'] as Schema<'ReratingRun'>['planned'] | undefined;
  if (planned === undefined) return null;
  return (
    <Stack gap="lg">
      <Group>
        <Text>{t('runs.tried')}</Text>
        <LinkButton to="/operator/reratings/new" search={readNewRunSearch(input)} variant="default">
          {t('runs.goOn')}
        </LinkButton>
      </Group>
      <Planned planned={planned} />
      {planned.charges > 0 && <RunTotals of="reratings/dry-runs" id={id} />}
    </Stack>
  );
}
