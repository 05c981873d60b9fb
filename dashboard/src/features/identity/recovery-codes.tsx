import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Download } from '../../ui/download.tsx';

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
          <Download
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            name="token-hub-recovery-codes.txt"
            size="xs"
          >
            {t('factor.codes.download')}
          </Download>
          <Button size="xs" onClick={onKept}>
            {t('factor.codes.kept')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
