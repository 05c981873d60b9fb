import { Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { useSomeOf } from '../some-of.ts';
import { ChangesTable } from './changes-table.tsx';
import { PublishForm, useShowPublished } from './publish-form.tsx';

type Found = Schema<'PriceImport'>;

export interface ImportFoundProps {
  readonly asked: Schema<'CheckPriceImport'>;
  readonly found: Found;
}

/** What an import would change and what it leaves, and the way to publish it. */
export function ImportFound({ asked, found }: ImportFoundProps) {
  const { t } = useTranslation('operators');
  const { source, base_version: version, changes, left, notes } = found;
  return (
    <Stack gap="lg">
      <Text role="status">{t('import.found', { source, version })}</Text>
      <section>
        <Title order={2}>{t('draft.changes')}</Title>
        <ChangesTable changes={changes} />
      </section>
      {changes.length > 0 && <Publish asked={asked} found={found} />}
      {notes.length > 0 && (
        <section>
          <Title order={2}>{t('import.notes')}</Title>
          <Remarks name="notes" of={notes.map(({ model, note }) => ({ model, text: note }))} />
        </section>
      )}
      {left.length > 0 && (
        <section>
          <Title order={2}>{t('import.left', { count: left.length })}</Title>
          <Remarks name="left" of={left.map(({ model, reason }) => ({ model, text: reason }))} />
        </section>
      )}
    </Stack>
  );
}

interface RemarksProps {
  readonly name: 'notes' | 'left';
  readonly of: readonly { readonly model: string; readonly text: string }[];
}

function Remarks({ name, of }: RemarksProps) {
  const { t } = useTranslation('operators');
  const some = useSomeOf(of);
  return (
    <DataTable
      name={`operator-import-${name}`}
      label={name === 'notes' ? t('import.notes') : t('import.left', { count: of.length })}
      {...some}
      rowKey={({ model, text }) => `${model} ${text}`}
      empty={t('prices.noChanges')}
      columns={[
        { key: 'model', header: t('account.model'), cell: ({ model }) => <Code>{model}</Code> },
        { key: 'text', header: t('account.reason'), cell: ({ text }) => text },
      ]}
    />
  );
}

function Publish({ asked, found: { warnings, newest_version } }: ImportFoundProps) {
  const show = useShowPublished();
  const publish = api.useMutation('post', '/api/operator/price-lists/import', {
    onSuccess: async ({ published }) => {
      if (published !== null) await show(published.version);
    },
  });
  return (
    <PublishForm
      warnings={warnings}
      mayPublish
      isPending={publish.isPending}
      error={publish.error}
      onPublish={(given) => publish.mutate({ body: { ...asked, expected_version: newest_version, ...given } })}
    />
  );
}
