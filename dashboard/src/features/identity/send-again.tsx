import { Button, Stack, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from './fault.tsx';

const WAIT_SECONDS = 60;

export interface SendAgainProps {
  readonly send: () => Promise<unknown>;
  /** The mail has just been sent, so the first wait has begun. */
  readonly wasSent?: boolean;
}

/** Sends a mail again, once a minute: a mail takes a moment, and each makes the links before it one of several. */
export function SendAgain({ send, wasSent = false }: SendAgainProps) {
  const { t } = useTranslation('identity');
  const [left, setLeft] = useState(wasSent ? WAIT_SECONDS : 0);
  const [sent, setSent] = useState(false);
  const [error, setError] = useState<unknown>();
  useInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1_000, { autoInvoke: true });
  const again = async () => {
    setError(undefined);
    try {
      await send();
      setSent(true);
      setLeft(WAIT_SECONDS);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Stack gap="xs">
      <Fault error={error} />
      <Text size="sm" role="status">
        {sent ? t('sentAgain') : ''}
      </Text>
      <Button variant="default" onClick={() => void again()} disabled={left > 0}>
        {left > 0 ? t('sendAgainIn', { seconds: left }) : t('sendAgain')}
      </Button>
    </Stack>
  );
}
