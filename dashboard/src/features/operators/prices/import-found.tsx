import { Button, Code, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../../api/client.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { useSomeOf } from '../some-of.ts';
import { AcceptWarnings } from './accept-warnings.tsx';
import { ChangesTable } from './changes-table.tsx';
import type { ImportBody } from './import-page.tsx';

type Found = Schema<'PriceImport'>;

export interface ImportFoundProps {
  readonly asked: ImportBody;
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
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const publish = api.useMutation('post', '/api/operator/price-lists/import', {
    onSuccess: async ({ published }) => {
      if (published === null) return;
      await queryClient.invalidateQueries({
        predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/'),
      });
      notifications.show({ message: t('draft.published', { version: published.version }) });
      await navigate({ to: '/operator/prices/$version', params: { version: String(published.version) } });
    },
  });
  const needsWord = warnings.length > 0;
  const body = {
    ...asked,
    expected_version: newest_version,
    reason: reason.trim(),
    accept_warnings: accepted && needsWord,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        publish.mutate({ body });
      }}
    >
      <Stack gap="md">
        <Title order={2}>{t('draft.publishTitle')}</Title>
        <AcceptWarnings warnings={warnings} accepted={accepted} onChange={setAccepted} />
        <Textarea
          label={t('suspend.reason')}
          required
          autosize
          minRows={2}
          maw={640}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FailureNotice error={publish.error} />
        <Group>
          <Button type="submit" disabled={reason.trim() === '' || (needsWord && !accepted)} loading={publish.isPending}>
            {t('draft.publish')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
