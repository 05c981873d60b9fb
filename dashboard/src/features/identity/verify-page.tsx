import { Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { TokenForm } from './token-form.tsx';
import { useArrival } from './use-arrival.ts';

/** What the mail after a registration links to. Nothing happens until the button is pressed: programs that look through mail open links, too. */
export function VerifyPage() {
  const { t } = useTranslation('identity');
  const { token } = useSearch({ from: '/auth/verify' });
  const verify = api.useMutation('post', '/api/auth/verify', { onSuccess: useArrival(undefined) });
  return (
    <Page title={t('verify.title')}>
      <Stack>
        <Text>{t(token === undefined ? 'verify.noToken' : 'verify.text')}</Text>
        {token !== undefined && (
          <TokenForm act={t('verify.act')} work={verify} onAct={() => verify.mutate({ body: { token } })} />
        )}
        {(token === undefined || verify.isError) && (
          <>
            <Link to="/login">{t('toLogin')}</Link>
            <Link to="/register">{t('verify.another')}</Link>
          </>
        )}
      </Stack>
    </Page>
  );
}
