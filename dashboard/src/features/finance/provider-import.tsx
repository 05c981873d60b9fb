import { Button, FileInput, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { JobProgress } from '../../ui/job-progress.tsx';
import { financeChanged } from './parts/changed.ts';

const FORMATS = ['openai', 'anthropic', 'csv'] as const;
type Format = (typeof FORMATS)[number];

/** Comparing a bill of a provider with what was booked. */
export function ProviderImport({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { format: 'openai' as Format, channel: '', file: null as File | null } });
  const start = api.useMutation('post', '/api/finance/provider-bills');
  const close = () => {
    start.reset();
    form.reset();
    onClose();
    void financeChanged();
  };
  const send = async ({ format, channel, file }: typeof form.values) => {
    if (file === null) return;
    const body = { format, channel: channel.trim(), name: file.name, content: await file.text() };
    start.mutate({ body: { ...body, tolerance: '0.01', columns: [], models: [] } });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('providers.import')}
      closeButtonProps={{ 'aria-label': t('closeDialog') }}
    >
      {start.data === undefined ? (
        <form onSubmit={form.onSubmit((values) => void send(values))}>
          <Stack>
            <Text size="sm">{t('providers.importText')}</Text>
            <NativeSelect
              label={t('providers.format')}
              data={FORMATS.map((value) => ({ value, label: t(`providers.formats.${value}`) }))}
              {...form.getInputProps('format')}
            />
            <TextInput label={t('providers.channel')} required {...form.getInputProps('channel')} />
            <FileInput label={t('providers.file')} required {...form.getInputProps('file')} />
            <FailureNotice error={start.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('back')}
              </Button>
              <Button type="submit" loading={start.isPending}>
                {t('providers.import')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <JobProgress id={start.data.id} audience="finance">
            {() => <Text>{t('providers.imported')}</Text>}
          </JobProgress>
          <Button variant="default" onClick={close}>
            {t('closeDialog')}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}
