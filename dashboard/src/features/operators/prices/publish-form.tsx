import { Button, Group, Stack, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient, type Schema } from '../../../api/client.ts';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { AcceptWarnings } from './accept-warnings.tsx';

export interface PublishFormProps {
  readonly warnings: Schema<'PriceListCheck'>['warnings'];
  readonly mayPublish: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onPublish: (given: { readonly reason: string; readonly accept_warnings: boolean }) => void;
  /** What else is asked for. */
  readonly children?: ReactNode;
  /** Why it can’t be published yet. */
  readonly notes?: ReactNode;
}

/** Why a version is published, and that its warnings were read. */
export function PublishForm({ warnings, mayPublish, isPending, error, onPublish, children, notes }: PublishFormProps) {
  const { t } = useTranslation('operators');
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const needsWord = warnings.length > 0;
  const isReady = mayPublish && reason.trim() !== '' && (!needsWord || accepted);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onPublish({ reason: reason.trim(), accept_warnings: accepted && needsWord });
      }}
    >
      <Stack gap="md">
        <Title order={2}>{t('draft.publishTitle')}</Title>
        {children}
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
        {notes}
        <FailureNotice error={error} />
        <Group>
          <Button type="submit" disabled={!isReady} loading={isPending}>
            {t('draft.publish')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Shows a version that was published. */
export function useShowPublished(): (version: number) => Promise<void> {
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  return async (version) => {
    await queryClient.invalidateQueries({
      predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/'),
    });
    notifications.show({ message: t('draft.published', { version }) });
    await navigate({ to: '/operator/prices/$version', params: { version: String(version) } });
  };
}
