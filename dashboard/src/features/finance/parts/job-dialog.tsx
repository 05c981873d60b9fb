import { Button, Group, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { JobProgress } from '../../../ui/job-progress.tsx';
import { financeChanged } from './changed.ts';

export interface JobDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What is done: the title, and what the button says. */
  readonly act: string;
  /** What is said once it is done. */
  readonly done: string;
  /** The request that begins it. */
  readonly start: {
    readonly data: { readonly id: string } | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly reset: () => void;
  };
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** The text and the fields of its form. */
  readonly children: ReactNode;
}

/** Work that is asked for with a form, and then done as a job. When that fails, the form is there again as it was filled in. */
export function JobDialog({ opened, onClose, act, done, start, onSubmit, children }: JobDialogProps) {
  const { t } = useTranslation('finance');
  const { t: ui } = useTranslation('ui');
  const close = () => {
    start.reset();
    onClose();
    void financeChanged();
  };
  return (
    <Dialog opened={opened} onClose={close} title={act}>
      {start.data === undefined ? (
        <form onSubmit={onSubmit}>
          <Stack>
            {children}
            <FailureNotice error={start.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('back')}
              </Button>
              <Button type="submit" loading={start.isPending}>
                {act}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <JobProgress id={start.data.id} audience="finance" onRetry={start.reset}>
            {() => <Text>{done}</Text>}
          </JobProgress>
          <Button variant="default" onClick={close}>
            {ui('close')}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
