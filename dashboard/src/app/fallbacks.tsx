// What is shown where a page can't be.
import { Center, Loader } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';

export function NotFound() {
  const { t } = useTranslation('app');
  return (
    <Page title={t('notFound.title')} description={t('notFound.text')}>
      <Link to="/">{t('notFound.home')}</Link>
    </Page>
  );
}

export function Forbidden({ role }: { readonly role: 'finance' | 'operator' }) {
  const { t } = useTranslation('app');
  return (
    <Page title={t('forbidden.title')} description={t(`forbidden.${role}`)}>
      <Link to="/">{t('notFound.home')}</Link>
    </Page>
  );
}

/** Resetting the error boundary alone would show the same failure again: the router and React keep what did not come, a page's code too. */
export const Failed = ({ error }: ErrorComponentProps) => (
  <FailureNotice error={error} retry={() => location.reload()} />
);

/** Its name is the one of the page before its code has come (index.html): no language may be there yet. */
export const Waiting = () => (
  <Center mih={240}>
    <Loader type="dots" role="status" aria-label="token-hub …" />
  </Center>
);
