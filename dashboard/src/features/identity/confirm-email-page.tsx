import { Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, queryClient } from '../../api/client.ts';
import { Link, LinkButton } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { TokenForm } from './token-form.tsx';

/** What the mail to a new address links to. */
export function ConfirmEmailPage() {
  const { t } = useTranslation('identity');
  const { token } = useSearch({ from: '/auth/confirm-email' });
  const confirm = api.useMutation('post', '/api/auth/confirm-email', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  if (confirm.isSuccess)
    return (
      <Page title={t('confirmEmail.doneTitle')} description={t('confirmEmail.done')}>
        <LinkButton to="/account">{t('confirmEmail.toAccount')}</LinkButton>
      </Page>
    );
  return (
    <Page title={t('confirmEmail.title')}>
      <Stack>
        <Text>{t(token === undefined ? 'confirmEmail.noToken' : 'confirmEmail.text')}</Text>
        {token !== undefined && (
          <TokenForm act={t('confirmEmail.act')} work={confirm} onAct={() => confirm.mutate({ body: { token } })} />
        )}
        {(token === undefined || confirm.isError) && <Link to="/account">{t('confirmEmail.toAccount')}</Link>}
      </Stack>
    </Page>
  );
}
