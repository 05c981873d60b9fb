import { Button, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Navigate, useSearch } from '@tanstack/react-router';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, sessionChanged, sessionQuery } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { Fault } from './fault.tsx';
import { CodeField, valuesOf } from './fields.tsx';
import { useArrival } from './use-arrival.ts';

/** What a session that lacks its second factor waits for. */
export function SecondFactorPage() {
  const { t } = useTranslation('identity');
  const { next } = useSearch({ from: '/auth/second-factor' });
  const session = useSuspenseQuery(sessionQuery).data;
  const show = api.useMutation('post', '/api/auth/second-factor', { onSuccess: useArrival(next) });
  const leave = api.useMutation('post', '/api/auth/logout', { onSuccess: sessionChanged });
  if (!session.code_required && show.isIdle) return <Navigate to="/login" search={{ next }} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    show.mutate({ body: { totp: valuesOf(event.currentTarget)['totp'] ?? '' } });
  };
  return (
    <Page title={t('secondFactor.title')} description={t('secondFactor.description')}>
      <form onSubmit={submit}>
        <Stack>
          <Fault error={show.error ?? leave.error} />
          <CodeField autoFocus />
          <Button type="submit" loading={show.isPending}>
            {t('login.act')}
          </Button>
          <Button variant="subtle" onClick={() => leave.mutate({})}>
            {t('secondFactor.leave')}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}
