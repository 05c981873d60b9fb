import { FileInput, NativeSelect, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { JobDialog } from './parts/job-dialog.tsx';

const FORMATS = ['openai', 'anthropic', 'csv'] as const;
type Format = (typeof FORMATS)[number];
/** What the columns of a CSV are called, where the gateway does not know their names by itself. */
const COLUMNS = ['day', 'model', 'cost'] as const;

const NONE = {
  format: 'openai' as Format,
  channel: '',
  file: null as File | null,
  columns: { day: '', model: '', cost: '' },
};

/** Comparing a bill of a provider with what was booked. */
export function ProviderImport({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const { t: ui } = useTranslation('ui');
  const form = useForm({
    initialValues: NONE,
    validate: { file: (file) => (file === null ? ui('file.none') : null) },
  });
  const start = api.useMutation('post', '/api/finance/provider-bills');
  const close = () => {
    form.reset();
    onClose();
  };
  const send = async ({ format, channel, file, columns: named }: typeof form.values) => {
    if (file === null) return;
    // A browser reads no file that has changed since it was chosen.
    const content = await file.text().catch(() => undefined);
    if (content === undefined) {
      form.setFieldValue('file', null);
      return form.setFieldError('file', ui('file.changed'));
    }
    const given = format === 'csv' ? COLUMNS.filter((column) => named[column].trim() !== '') : [];
    const columns = given.map((column) => `${column}=${named[column].trim()}`);
    const body = { format, channel: channel.trim(), name: file.name, content };
    start.mutate({ body: { ...body, tolerance: '0.01', columns, models: [] } });
  };
  return (
    <JobDialog
      opened={opened}
      onClose={close}
      act={t('providers.import')}
      done={t('providers.imported')}
      start={start}
      onSubmit={form.onSubmit(
        (values) => void send(values),
        () => form.getInputNode('file')?.focus(), // a button, so the browser asks for no file by itself
      )}
    >
      <Text size="sm">{t('providers.importText')}</Text>
      <NativeSelect
        label={t('providers.format')}
        data={FORMATS.map((value) => ({ value, label: t(`providers.formats.${value}`) }))}
        {...form.getInputProps('format')}
      />
      <TextInput label={t('providers.channel')} required {...form.getInputProps('channel')} />
      {form.values.format === 'csv' && (
        <SimpleGrid cols={{ base: 1, sm: COLUMNS.length }}>
          {COLUMNS.map((column) => (
            <TextInput
              key={column}
              label={t(`providers.columns.${column}`)}
              placeholder={column}
              {...form.getInputProps(`columns.${column}`)}
            />
          ))}
        </SimpleGrid>
      )}
      <FileInput label={t('providers.file')} required {...form.getInputProps('file')} />
    </JobDialog>
  );
}
