import { Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { Instant } from '../../ui/instant.tsx';
import { JobProgress } from '../../ui/job-progress.tsx';
import { Status, type Tone } from '../../ui/status.tsx';

type JobStatus = Schema<'StartedJob'>['status'];

const TONES: Readonly<Record<JobStatus, Tone>> = {
  queued: 'waiting',
  running: 'waiting',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
};

export const isOpen = ({ status }: { readonly status: JobStatus }): boolean =>
  status === 'queued' || status === 'running';

export interface JobCardProps {
  readonly job: {
    readonly id: string;
    readonly status: JobStatus;
    readonly started_by: string;
    readonly created_at: string;
    readonly error: { readonly code: string; readonly message: string } | null;
  };
  readonly title: string;
  /** Whose work it is. */
  readonly audience?: 'operator' | 'finance';
  /** What it found, once it has succeeded. */
  readonly children?: ReactNode;
}

/** A piece of long work in a list: how it stands, its progress while it runs, and what came of it. */
export function JobCard({ job, title, audience = 'operator', children }: JobCardProps) {
  const { t } = useTranslation('ledger');
  const { id, status, started_by, created_at, error } = job;
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Text>
          <Status tone={TONES[status]}>{t(`job.status.${status}`)}</Status>
        </Group>
        <Text size="sm" c="dimmed" component="div">
          <Instant at={created_at} style="second" /> · {t('job.by', { who: started_by })}
        </Text>
        {isOpen(job) && (
          <JobProgress id={id} audience={audience}>
            {() => <Text size="sm">{t('job.done')}</Text>}
          </JobProgress>
        )}
        {error !== null && <Text size="sm">{inWords(error.message, error.code)}</Text>}
        {children}
      </Stack>
    </Paper>
  );
}
