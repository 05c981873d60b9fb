import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema, sessionChanged } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Instant } from '../../ui/instant.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { Fault } from './fault.tsx';

export function SessionsSection() {
  const { t } = useTranslation('identity');
  const sessions = api.useQuery('get', '/api/me/sessions');
  return (
    <Section title={t('sessions.title')} description={t('sessions.description')}>
      <QueryState query={sessions} lines={2}>
        {({ data }) => data.map((session) => <SessionRow key={session.id} session={session} />)}
      </QueryState>
      <EndAll />
    </Section>
  );
}

function SessionRow({ session }: { readonly session: Schema<'Session'> }) {
  const { t } = useTranslation('identity');
  const end = api.useMutation('delete', '/api/me/sessions/{id}', {
    onSuccess: () => {
      notifications.show({ message: t('sessions.ended') });
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/me/sessions'] });
    },
  });
  const client = session.client === 'another client' ? t('sessions.otherClient') : session.client;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Stack gap={2}>
          <Group gap="xs">
            <Text fw={600}>{client}</Text>
            {session.current && <Status tone="good">{t('sessions.current')}</Status>}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {t('sessions.started')} <Instant at={session.started} /> · {t('sessions.lastSeen')}{' '}
            <Instant at={session.last_seen} />
          </Text>
        </Stack>
        {!session.current && (
          <Button
            variant="default"
            size="xs"
            loading={end.isPending}
            aria-label={t('sessions.endOf', { client })}
            onClick={() => end.mutate({ params: { path: { id: session.id } } })}
          >
            {t('sessions.end')}
          </Button>
        )}
      </Group>
      <Fault error={end.error} />
    </Stack>
  );
}

function EndAll() {
  const { t } = useTranslation('identity');
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const end = api.useMutation('post', '/api/auth/logout-everywhere');
  const endAll = async () => {
    await end.mutateAsync({});
    await navigate({ to: '/login' });
    await sessionChanged();
  };
  return (
    <>
      <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setIsAsking(true)}>
        {t('sessions.endAll')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('sessions.endAll')}
        act={t('sessions.endAll')}
        onConfirm={endAll}
      >
        {t('sessions.whatEndAllDoes')}
      </Confirm>
    </>
  );
}
