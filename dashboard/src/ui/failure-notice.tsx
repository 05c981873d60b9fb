import { Alert, Anchor, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiFailure, codeOf } from '../api/failure.ts';

const HINTS = ['no_answer', 'rate_limit_exceeded', 'service_unavailable'] as const;
/** What /api says of these is for programs. */
const LOGINS = ['not_logged_in', 'invalid_csrf_token'] as const;
const isLogin = (code: string): code is (typeof LOGINS)[number] => (LOGINS as readonly string[]).includes(code);
const isHint = (code: string): code is (typeof HINTS)[number] => (HINTS as readonly string[]).includes(code);

/** What went wrong in words, and what to do next. */
export function FailureNotice({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
}) {
  const { t } = useTranslation('ui');
  if (error === null || error === undefined) return null;
  const failure = error instanceof ApiFailure ? error : undefined;
  const code = codeOf(error);
  return (
    <Alert color="red" role="alert" title={t('failure.title')} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs" align="flex-start">
        {isLogin(code) ? (
          <Text size="sm">
            {t(`failure.${code}`)}{' '}
            <Anchor href="/login" target="_blank" inherit>
              {t('failure.login')}
            </Anchor>
          </Text>
        ) : (
          <Text size="sm">{failure?.words || (isHint(code) ? t(`failure.${code}`) : t('failure.unexpected'))}</Text>
        )}
        {failure?.requestId !== null && failure !== undefined && (
          <Text size="xs" c="dimmed">
            {t('failure.request', { id: failure.requestId })}
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('failure.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
