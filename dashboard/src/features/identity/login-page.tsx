import { Button, Group, Stack, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, sessionQuery } from '../../api/client.ts';
import { codeOf } from '../../api/failure.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Fault, FaultOf, useFieldFault } from './fault.tsx';
import { CodeField, CurrentPasswordField, EmailField, valuesOf } from './fields.tsx';
import { GoogleButton } from './google-button.tsx';
import { SendAgain } from './send-again.tsx';
import { useArrival } from './use-arrival.ts';

type Credentials = { email: string; password: string; totp?: string };

export function LoginPage() {
  const { t } = useTranslation('identity');
  const { next, fault } = useSearch({ from: '/auth/login' });
  const session = useSuspenseQuery(sessionQuery).data;
  const arrive = useArrival(next);
  const isIn = session.logged_in || session.code_required;
  useEffect(() => {
    if (isIn) void arrive();
    // Only for who comes here with a session, such as from Google.
  }, []);
  return (
    <Page title={t('login.title')}>
      <Stack>
        <FaultOf code={fault} />
        <LoginForm arrive={arrive} />
        <GoogleButton next={next} />
        <Group justify="space-between">
          <Link to="/forgot" size="sm">
            {t('forgot.link')}
          </Link>
          <Link to="/register" search={{ next }} size="sm">
            {t('register.link')}
          </Link>
        </Group>
      </Stack>
    </Page>
  );
}

function LoginForm({ arrive }: { readonly arrive: () => Promise<void> }) {
  const { t } = useTranslation('identity');
  const [needsCode, setNeedsCode] = useState(false);
  const login = api.useMutation('post', '/api/auth/login', {
    onSuccess: arrive,
    onError: (error: unknown) => setNeedsCode((before) => before || codeOf(error) === 'code_required'),
  });
  const faultOf = useFieldFault(login.error);
  const body = login.variables?.body;
  const asksForCode = codeOf(login.error) === 'code_required';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    login.mutate({ body: valuesOf(event.currentTarget) as Credentials });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {asksForCode ? <Text role="status">{t('login.codeNeeded')}</Text> : <Fault error={login.error} />}
        {codeOf(login.error) === 'email_not_verified' && body !== undefined && (
          <SendAgain
            send={() => client.POST('/api/auth/resend', { body: { email: body.email, password: body.password } })}
          />
        )}
        <EmailField autoFocus error={faultOf('email')} />
        <CurrentPasswordField />
        {needsCode && <CodeField autoFocus />}
        <Button type="submit" loading={login.isPending}>
          {t('login.act')}
        </Button>
      </Stack>
    </form>
  );
}
