import { FileInput, NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { JobDialog } from './parts/job-dialog.tsx';

const FORMATS = ['openai', 'anthropic', 'csv'] as const;
type Format = (typeof FORMATS)[number];

/** Comparing a bill of a provider with what was booked. */
export function ProviderImport({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { format: 'openai' as Format, channel: '', file: null as File | null } });
  const start = api.useMutation('post', '/api/finance/provider-bills');
  const close = () => {
    form.reset();
    onClose();
  };
  const send = async ({ format, channel, file }: typeof form.values) => {
    if (file === null) return;
    const body = { format, channel: channel.trim(), name: file.name, content: await file.text() };
    start.mutate({ body: { ...body, tolerance: '0.01', columns: [], models: [] } });
  };
  return (
    <JobDialog
      opened={opened}
      onClose={close}
      act={t('providers.import')}
      done={t('providers.imported')}
      start={start}
      onSubmit={form.onSubmit((values) => void send(values))}
    >
      <Text size="sm">{t('providers.importText')}</Text>
      <NativeSelect
        label={t('providers.format')}
        data={FORMATS.map((value) => ({ value, label: t(`providers.formats.${value}`) }))}
        {...form.getInputProps('format')}
      />
      <TextInput label={t('providers.channel')} required {...form.getInputProps('channel')} />
      <FileInput label={t('providers.file')} required {...form.getInputProps('file')} />
    </JobDialog>
  );
}
