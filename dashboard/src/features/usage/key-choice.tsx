import { Button, Card, Code, Divider, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { keysChanged } from './new-key.tsx';
import { holdKey } from './tab-key.ts';

const BUDGET = '1.00';
const DAY_MS = 86_400_000;

/** With which key the playground calls. It stays in the memory of this tab. */
export function KeyChoice() {
  const { t } = useTranslation('usage');
  const [pasted, setPasted] = useState('');
  const create = api.useMutation('post', '/api/keys', {
    onSuccess: ({ key }) => {
      holdKey(key);
      keysChanged();
    },
  });
  const make = () => {
    const expires_at = new Date(Date.now() + DAY_MS).toISOString();
    create.mutate({ body: { name: 'Playground', budget_total: BUDGET, expires_at } });
  };
  const isKey = pasted.trim().startsWith('sk-th_');
  return (
    <Card withBorder component="section">
      <Title order={2} mb="xs">
        {t('playground.keyTitle')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('playground.keyText')}
      </Text>
      <Stack>
        <FailureNotice error={create.error} />
        <Group>
          <Button onClick={make} loading={create.isPending}>
            {t('playground.make')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('playground.makeText')}
          </Text>
        </Group>
        <Divider label={t('playground.or')} />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isKey) holdKey(pasted.trim());
          }}
        >
          <Group align="flex-end">
            <PasswordInput
              label={t('playground.paste')}
              placeholder="sk-th_…"
              value={pasted}
              onChange={(event) => setPasted(event.currentTarget.value)}
              error={pasted !== '' && !isKey ? t('playground.notAKey') : null}
              autoComplete="off"
              style={{ flex: '1 1 16rem' }}
              visibilityToggleButtonProps={{ 'aria-label': t('playground.showKey') }}
            />
            <Button type="submit" variant="default" disabled={!isKey}>
              {t('playground.use')}
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  );
}

/** The key that is in use. */
export function KeyInUse({ value }: { readonly value: string }) {
  const { t } = useTranslation('usage');
  return (
    <Group gap="xs">
      <Text size="sm">{t('playground.keyInUse')}</Text>
      <Code>sk-th_…{value.slice(-4)}</Code>
      <Button size="compact-sm" variant="subtle" onClick={() => holdKey(undefined)}>
        {t('playground.other')}
      </Button>
    </Group>
  );
}
