import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../../api/client.ts';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { AcceptWarnings } from './accept-warnings.tsx';
import { documentOf, type Draft } from './draft.ts';
import { EffectiveFrom } from './effective-from.tsx';

export interface PublishProps {
  readonly draft: Draft;
  readonly check: Schema<'PriceListCheck'>;
  readonly isChecking: boolean;
  readonly onChange: (draft: Draft | null) => void;
}

/** From when, why, and with which warnings accepted; then it is published. */
export function Publish({ draft, check: { faults, warnings, changes }, isChecking, onChange }: PublishProps) {
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  const { effectiveFrom, ...rest } = draft;
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const publish = api.useMutation('post', '/api/operator/price-lists', {
    onSuccess: async ({ version }) => {
      onChange(null);
      await queryClient.invalidateQueries({
        predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/'),
      });
      notifications.show({ message: t('draft.published', { version }) });
      await navigate({ to: '/operator/prices/$version', params: { version: String(version) } });
    },
  });
  const isReady =
    faults.length === 0 && changes.length > 0 && reason.trim() !== '' && (warnings.length === 0 || accepted);
  const body = {
    ...documentOf(draft),
    expected_version: draft.newest,
    reason: reason.trim(),
    accept_warnings: accepted && warnings.length > 0,
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
        <EffectiveFrom
          at={effectiveFrom}
          onChange={(at) => onChange(at === undefined ? rest : { ...rest, effectiveFrom: at })}
        />
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
        {faults.length > 0 && <Text>{t('draft.mendFirst', { count: faults.length })}</Text>}
        {faults.length === 0 && changes.length === 0 && <Text>{t('draft.sameAsNow')}</Text>}
        <FailureNotice error={publish.error} />
        <Group>
          <Button type="submit" disabled={!isReady || isChecking} loading={publish.isPending}>
            {t('draft.publish')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
