import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { BASE_URL, curlOf } from './examples.ts';
import { firstModelOf } from './tab-key.ts';

/** A key that was just made, the only time that it is shown. */
export function KeySecret({ issued, onClose }: { readonly issued: Schema<'IssuedKey'>; readonly onClose: () => void }) {
  const { t } = useTranslation('usage');
  const { key } = issued;
  const shown = useRef<HTMLPreElement>(null);
  // The form that had the focus is gone: whoever can't point goes on from the key.
  useEffect(() => shown.current?.focus(), []);
  const request = {
    model: firstModelOf(issued),
    messages: [{ role: 'user' as const, content: 'Give me one fact about octopuses.' }],
  };
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('secret.once')}>
        {t('secret.onceText')}
      </Alert>
      <Group align="flex-start">
        <Code
          ref={shown}
          tabIndex={-1}
          block
          style={{ flex: '1 1 15rem', whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}
          aria-label={t('secret.label')}
        >
          {key}
        </Code>
        <CopyButton text={key} label={t('secret.copy')} />
      </Group>
      <CodeBlock label={t('secret.curl')} code={curlOf(request, key)} />
      <Text size="sm" c="dimmed">
        {t('secret.base')} <Code>{BASE_URL}</Code>
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('secret.done')}
        </Button>
        <LinkButton to="/playground">{t('secret.playground')}</LinkButton>
      </Group>
    </Stack>
  );
}
