import { Button, Group, Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schema } from '../../api/client.ts';
import { currentLanguage } from '../../app/i18n.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Fault, useFieldFault } from './fault.tsx';
import { EmailField, NewPasswordField, valuesOf } from './fields.tsx';
import { GoogleButton } from './google-button.tsx';
import { MailSent } from './mail-sent.tsx';

export function RegisterPage() {
  const { t } = useTranslation('identity');
  const { next } = useSearch({ from: '/auth/register' });
  const register = api.useMutation('post', '/api/auth/register');
  const faultOf = useFieldFault(register.error);
  const body = register.variables?.body;
  if (register.isSuccess && body !== undefined)
    return <MailSent email={body.email} purpose="verify" send={() => client.POST('/api/auth/resend', { body })} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = valuesOf(event.currentTarget) as Schema<'Register'>;
    register.mutate({ body: { ...values, language: currentLanguage() } });
  };
  return (
    <Page title={t('register.title')} description={t('register.description')}>
      <Stack>
        <form onSubmit={submit}>
          <Stack>
            <Fault error={register.error} />
            <EmailField autoFocus error={faultOf('email')} />
            <NewPasswordField error={faultOf('password')} />
            <Button type="submit" loading={register.isPending}>
              {t('register.act')}
            </Button>
          </Stack>
        </form>
        <GoogleButton next={next} />
        <Group gap="xs">
          <Text size="sm">{t('register.known')}</Text>
          <Link to="/login" search={{ next }} size="sm">
            {t('login.title')}
          </Link>
        </Group>
      </Stack>
    </Page>
  );
}
