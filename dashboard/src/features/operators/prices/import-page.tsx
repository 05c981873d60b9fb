import { Button, FileInput, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { Link } from '../../../ui/link.tsx';
import { Page } from '../../../ui/page.tsx';
import { EffectiveFrom } from './effective-from.tsx';
import { ImportFound } from './import-found.tsx';

type ImportBody = Schema<'CheckPriceImport'>;

const NONE = {
  source: 'installed' as 'installed' | 'file',
  file: null as File | null,
  markup: '',
  models: '',
  effectiveFrom: undefined as string | undefined,
};

/** What providers charge, out of a list that others keep: shown first, then published. */
export function ImportPage() {
  const { t } = useTranslation('operators');
  const { t: ui } = useTranslation('ui');
  const check = api.useMutation('post', '/api/operator/price-lists/import/check');
  const [asked, setAsked] = useState<ImportBody>();
  const form = useForm({
    initialValues: NONE,
    onValuesChange: () => check.reset(),
    validate: { file: (file, { source }) => (source === 'file' && file === null ? ui('file.none') : null) },
  });
  const submit = form.onSubmit(
    async (values) => {
      // A browser reads no file that has changed since it was chosen.
      const body = await bodyOf(values).catch(() => undefined);
      if (body === undefined) {
        form.setFieldValue('file', null);
        return form.setFieldError('file', ui('file.changed'));
      }
      setAsked(body);
      check.mutate({ body });
    },
    () => form.getInputNode('file')?.focus(), // a button, so the browser asks for no file by itself
  );
  return (
    <Page title={t('import.title')} description={t('import.description')}>
      <Link to="/operator/prices">{t('prices.back')}</Link>
      <form onSubmit={submit}>
        <Stack maw={640}>
          <Radio.Group label={t('import.source')} {...form.getInputProps('source')}>
            <Stack gap="xs" mt="xs">
              <Radio value="installed" label={t('import.sources.installed')} />
              <Radio value="file" label={t('import.sources.file')} />
            </Stack>
          </Radio.Group>
          {form.values.source === 'file' && (
            <FileInput
              label={t('import.file')}
              accept=".json,application/json"
              required
              {...form.getInputProps('file')}
            />
          )}
          <TextInput
            label={t('import.markup')}
            description={t('import.markupWhat')}
            inputMode="decimal"
            {...form.getInputProps('markup')}
          />
          <TextInput
            label={t('import.models')}
            description={t('import.modelsWhat')}
            {...form.getInputProps('models')}
          />
          <EffectiveFrom at={form.values.effectiveFrom} onChange={(at) => form.setFieldValue('effectiveFrom', at)} />
          <FailureNotice error={check.error} />
          <Group>
            <Button type="submit" loading={check.isPending}>
              {t('import.check')}
            </Button>
          </Group>
        </Stack>
      </form>
      {check.data !== undefined && asked !== undefined && <ImportFound asked={asked} found={check.data} />}
    </Page>
  );
}

async function bodyOf({ source, file, markup, models, effectiveFrom }: typeof NONE): Promise<ImportBody> {
  const only = models.split(/[\s,]+/).filter((model) => model !== '');
  return {
    ...(source === 'file' && file !== null && { content: await file.text() }),
    ...(markup.trim() !== '' && { markup: markup.trim() }),
    ...(only.length > 0 && { models: only }),
    ...(effectiveFrom !== undefined && { effective_from: effectiveFrom }),
  };
}
