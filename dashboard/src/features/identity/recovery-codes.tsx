import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';

export interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** The recovery codes, once: whoever leaves this page without them needs new ones. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const { t } = useTranslation('identity');
  const text = `${codes.join('\n')}\n`;
  return (
    <Alert color="blue" title={t('factor.codes.title')} role="region" aria-label={t('factor.codes.title')}>
      <Stack>
        <Text size="sm">{t('factor.codes.text')}</Text>
        <Code block>{codes.join('\n')}</Code>
        <Group>
          <CopyButton text={text} label={t('factor.codes.copy')} />
          <Button
            component="a"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="token-hub-recovery-codes.txt"
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {t('factor.codes.download')}
          </Button>
          <Button size="xs" onClick={onKept}>
            {t('factor.codes.kept')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
