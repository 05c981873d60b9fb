import { Button, Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { codeOf } from '../../api/failure.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Fault, useFieldFault } from './fault.tsx';
import { CodeField, NewPasswordField, valuesOf } from './fields.tsx';
import { useArrival } from './use-arrival.ts';

const needsCode = (error: unknown): boolean => codeOf(error) === 'code_required';

/** What the mail about a forgotten password links to. */
export function ResetPage() {
  const { t } = useTranslation('identity');
  const { token } = useSearch({ from: '/auth/reset' });
  return (
    <Page title={t('reset.title')} description={t(token === undefined ? 'reset.noToken' : 'reset.description')}>
      <Stack>
        {token !== undefined && <ResetForm token={token} />}
        <Link to="/forgot" size="sm">
          {t('reset.another')}
        </Link>
      </Stack>
    </Page>
  );
}

function ResetForm({ token }: { readonly token: string }) {
  const { t } = useTranslation('identity');
  const [withCode, setWithCode] = useState(false);
  const reset = api.useMutation('post', '/api/auth/reset', {
    onSuccess: useArrival(undefined),
    onError: (error: unknown) => setWithCode((before) => before || needsCode(error)),
  });
  const faultOf = useFieldFault(reset.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { password = '', totp } = valuesOf(event.currentTarget);
    reset.mutate({ body: { token, password, ...(totp !== undefined && { totp }) } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {needsCode(reset.error) ? <Text role="status">{t('login.codeNeeded')}</Text> : <Fault error={reset.error} />}
        <NewPasswordField isReplacement autoFocus error={faultOf('password')} />
        {withCode && <CodeField autoFocus />}
        <Button type="submit" loading={reset.isPending}>
          {t('reset.act')}
        </Button>
      </Stack>
    </form>
  );
}
