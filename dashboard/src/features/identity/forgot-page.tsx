import { Button, Stack } from '@mantine/core';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schema } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Fault, useFieldFault } from './fault.tsx';
import { EmailField, valuesOf } from './fields.tsx';
import { MailSent } from './mail-sent.tsx';

export function ForgotPage() {
  const { t } = useTranslation('identity');
  const forgot = api.useMutation('post', '/api/auth/forgot');
  const faultOf = useFieldFault(forgot.error);
  const body = forgot.variables?.body;
  if (forgot.isSuccess && body !== undefined)
    return <MailSent email={body.email} purpose="reset" send={() => client.POST('/api/auth/forgot', { body })} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    forgot.mutate({ body: valuesOf(event.currentTarget) as Schema<'ForEmail'> });
  };
  return (
    <Page title={t('forgot.title')} description={t('forgot.description')}>
      <form onSubmit={submit}>
        <Stack>
          <Fault error={forgot.error} />
          <EmailField autoFocus error={faultOf('email')} />
          <Button type="submit" loading={forgot.isPending}>
            {t('forgot.act')}
          </Button>
          <Link to="/login" size="sm">
            {t('toLogin')}
          </Link>
        </Stack>
      </form>
    </Page>
  );
}
