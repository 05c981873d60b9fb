import { Group, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { JobDialog } from './parts/job-dialog.tsx';

/** Comparing days with Stripe: asked for here, done as a job. */
export function ComparisonRun({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { from: '', to: '' } });
  const start = api.useMutation('post', '/api/finance/reconciliation/runs');
  const run = ({ from, to }: { readonly from: string; readonly to: string }) =>
    start.mutate({
      body: { reports: [], ...(from !== '' && { from }), ...(to !== '' && { to }) },
    });
  return (
    <JobDialog
      opened={opened}
      onClose={onClose}
      act={t('reconciliation.compare')}
      done={t('reconciliation.compared')}
      start={start}
      onSubmit={form.onSubmit(run)}
    >
      <Text size="sm">{t('reconciliation.compareText')}</Text>
      <Group grow>
        <TextInput type="date" label={t('from')} data-autofocus {...form.getInputProps('from')} />
        <TextInput type="date" label={t('before')} {...form.getInputProps('to')} />
      </Group>
    </JobDialog>
  );
}
