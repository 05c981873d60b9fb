import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../api/client.ts';
import { ApiFailure } from '../api/failure.ts';
import { Confirm } from './confirm.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { countText, durationText } from './instant.tsx';
import { QueryState } from './query-state.tsx';

export type Job = Schema<'StartedJob'>;

const ASK_EVERY_MS = 1_000;
const OVER = ['succeeded', 'failed', 'cancelled'];

export interface JobProgressProps {
  readonly id: string;
  readonly audience: 'operator' | 'finance';
  /** What it found, once it has succeeded. */
  readonly children: (job: Job) => ReactNode;
  /** Lets the person ask for it anew when it has failed. */
  readonly onRetry?: () => void;
}

/** Long work: how far it is, how long it still takes, a way to stop it, and what it found. */
export function JobProgress({ id, audience, ...shown }: JobProgressProps) {
  const job = api.useQuery(
    'get',
    `/api/${audience}/jobs/{id}`,
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data && OVER.includes(state.data.status) ? false : ASK_EVERY_MS) },
  );
  return (
    <QueryState query={job} lines={2}>
      {(now) => <JobState job={now} audience={audience} refetch={() => void job.refetch()} {...shown} />}
    </QueryState>
  );
}

interface JobStateProps extends Omit<JobProgressProps, 'id'> {
  readonly job: Job;
  readonly refetch: () => void;
}

function JobState({ job, audience, refetch, children, onRetry }: JobStateProps) {
  const { t } = useTranslation('ui');
  if (job.status === 'succeeded') return <>{children(job)}</>;
  if (job.status === 'failed') return <FailedJob job={job} retry={onRetry} />;
  if (job.status === 'cancelled') return <Text>{t('job.cancelled')}</Text>;
  return <RunningJob job={job} audience={audience} refetch={refetch} />;
}

function FailedJob({ job, retry }: { readonly job: Job; readonly retry: (() => void) | undefined }) {
  return <FailureNotice error={new ApiFailure(job.error?.message ?? '', 500, job.error?.code ?? '')} retry={retry} />;
}

function RunningJob({ job, audience, refetch }: Omit<JobStateProps, 'children' | 'onRetry'>) {
  const { t } = useTranslation('ui');
  const [isAsking, setIsAsking] = useState(false);
  const cancel = api.useMutation('post', `/api/${audience}/jobs/{id}/cancel`, { onSuccess: refetch });
  const { progress } = job;
  const share = progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
  return (
    <Stack gap="xs" role="status">
      <Progress value={share} animated aria-label={t('job.progress')} />
      <Group justify="space-between">
        <Text size="sm">
          {progress === null
            ? t('job.begins')
            : t('job.done', { done: countText(progress.done), total: countText(progress.total) })}
          {typeof progress?.seconds_left === 'number' &&
            ` ${t('job.left', { time: durationText(progress.seconds_left) })}`}
        </Text>
        {job.cancelled_by === null ? (
          <Button size="xs" variant="default" onClick={() => setIsAsking(true)}>
            {t('job.cancel')}
          </Button>
        ) : (
          <Text size="sm">{t('job.ending')}</Text>
        )}
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('job.cancel')}
        act={t('job.cancel')}
        onConfirm={() => cancel.mutateAsync({ params: { path: { id: job.id } } })}
      >
        {t('job.whatCancelDoes')}
      </Confirm>
    </Stack>
  );
}
