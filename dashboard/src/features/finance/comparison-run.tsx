import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { JobProgress } from '../../ui/job-progress.tsx';
import { financeChanged } from './parts/changed.ts';

/** Comparing days with Stripe: asked for here, done as a job. */
export function ComparisonRun({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { from: '', to: '' } });
  const start = api.useMutation('post', '/api/finance/reconciliation/runs');
  const close = () => {
    start.reset();
    onClose();
    void financeChanged();
  };
  const run = ({ from, to }: { readonly from: string; readonly to: string }) =>
    start.mutate({
      body: { reports: [], ...(from !== '' && { from }), ...(to !== '' && { to }) },
    });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('reconciliation.compare')}
      closeButtonProps={{ 'aria-label': t('closeDialog') }}
    >
      {start.data === undefined ? (
        <form onSubmit={form.onSubmit(run)}>
          <Stack>
            <Text size="sm">{t('reconciliation.compareText')}</Text>
            <Group grow>
              <TextInput type="date" label={t('from')} data-autofocus {...form.getInputProps('from')} />
              <TextInput type="date" label={t('before')} {...form.getInputProps('to')} />
            </Group>
            <FailureNotice error={start.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('back')}
              </Button>
              <Button type="submit" loading={start.isPending}>
                {t('reconciliation.compare')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <JobProgress id={start.data.id} audience="finance">
            {() => <Text>{t('reconciliation.compared')}</Text>}
          </JobProgress>
          <Button variant="default" onClick={close}>
            {t('closeDialog')}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}
