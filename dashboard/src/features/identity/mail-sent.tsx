import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { SendAgain } from './send-again.tsx';

export interface MailSentProps {
  readonly email: string;
  /** What its link does. */
  readonly purpose: 'verify' | 'reset';
  readonly send: () => Promise<unknown>;
}

/** Says the same of an address that is known and of one that is not. */
export function MailSent({ email, purpose, send }: MailSentProps) {
  const { t } = useTranslation('identity');
  return (
    <Page title={t('mailSent.title')}>
      <Stack>
        <Text>{t(`mailSent.${purpose}`, { email })}</Text>
        <Text size="sm" c="dimmed">
          {t('mailSent.hint')}
        </Text>
        <SendAgain send={send} wasSent />
        <Link to="/login" size="sm">
          {t('toLogin')}
        </Link>
      </Stack>
    </Page>
  );
}
