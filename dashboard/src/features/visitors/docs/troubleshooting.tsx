import { Card, Code, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Empty } from '../../../ui/query-state.tsx';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { Rich } from './rich.tsx';

const EXAMPLE = `{
  "error": {
    "message": "…",
    "type": "insufficient_balance",
    "param": null,
    "code": "insufficient_balance"
  }
}`;

/** Every error of /v1 with its cause and what to do. */
export function Troubleshooting() {
  const { t } = useTranslation('docs');
  const [wanted, setWanted] = useState('');
  const all = ERROR_CODES.flatMap(([status, codes]) => codes.map((code) => ({ status, code })));
  const shown = all.filter(({ status, code }) =>
    [status, code, t(`errors.${code}.cause`), t(`errors.${code}.fix`)]
      .join(' ')
      .toLowerCase()
      .includes(wanted.toLowerCase()),
  );
  return (
    <Stack gap="lg">
      <Text>
        <Rich text={t('troubleshooting.shape')} />
      </Text>
      <CodeBlock code={EXAMPLE} label={t('troubleshooting.example')} />
      <Title order={2}>{t('troubleshooting.codes')}</Title>
      <TextInput
        type="search"
        label={t('troubleshooting.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {shown.map(({ status, code }) => (
        <ErrorCard key={code} status={status} code={code} />
      ))}
      {shown.length === 0 && <Empty>{t('troubleshooting.none')}</Empty>}
      <Title order={2}>{t('troubleshooting.providers.title')}</Title>
      <Text>
        <Rich text={t('troubleshooting.providers.text')} />
      </Text>
      <Title order={2}>{t('troubleshooting.streams.title')}</Title>
      <Text>
        <Rich text={t('troubleshooting.streams.text')} />
      </Text>
    </Stack>
  );
}

function ErrorCard({ status, code }: { readonly status: number; readonly code: ErrorCode }) {
  const { t } = useTranslation('docs');
  return (
    <Card withBorder component="section" aria-label={code}>
      <Group gap="xs" mb="xs">
        <Text fw={700}>{status}</Text>
        <Title order={3}>
          <Code fz="md">{code}</Code>
        </Title>
      </Group>
      <Text>
        <Text span fw={600}>
          {t('troubleshooting.cause')}
        </Text>{' '}
        <Rich text={t(`errors.${code}.cause`)} />
      </Text>
      <Text>
        <Text span fw={600}>
          {t('troubleshooting.fix')}
        </Text>{' '}
        <Rich text={t(`errors.${code}.fix`)} />
      </Text>
    </Card>
  );
}
