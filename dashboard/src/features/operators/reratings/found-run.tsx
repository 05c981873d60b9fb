import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../ui/link.tsx';
import type { Job } from '../../../ui/job-progress.tsx';

/** What a dry run came to: a proposal of its own page. */
export function FoundRun({ result }: Pick<Job, 'result'>) {
  const { t } = useTranslation('operators');
  const id = result?.['rerating_id'];
  if (typeof id !== 'string') return null;
  return (
    <Group>
      <Text>{t('runs.found')}</Text>
      <LinkButton to="/operator/reratings/$id" params={{ id }}>
        {t('runs.look')}
      </LinkButton>
    </Group>
  );
}
