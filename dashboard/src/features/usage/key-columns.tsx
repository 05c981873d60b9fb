import { ActionIcon, Code, Menu, Stack, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Money, shortMoney } from '../../ui/money.tsx';
import { Status } from '../../ui/status.tsx';
import type { KeyAct } from './key-dialogs.tsx';
import { BUDGETS, RATES } from './key-values.ts';

type Key = Schema<'ListedKey'>;

const TONES = { active: 'good', revoked: 'neutral', expired: 'waiting' } as const;

export function useKeyColumns(act: (key: Key, act: KeyAct) => void): readonly Column<Key>[] {
  const { t } = useTranslation('usage');
  return [
    { key: 'name', header: t('keys.name'), cell: (key) => <Name apiKey={key} /> },
    {
      key: 'status',
      header: t('column.status'),
      cell: ({ status }) => <Status tone={TONES[status]}>{t(`keys.${status}`)}</Status>,
    },
    { key: 'today', header: t('keys.today'), cell: ({ spent }) => <Money amount={spent.today} />, isNumeric: true },
    {
      key: 'month',
      header: t('keys.month'),
      cell: ({ spent }) => <Money amount={spent.this_month} />,
      isNumeric: true,
    },
    { key: 'total', header: t('keys.total'), cell: ({ spent }) => <Money amount={spent.total} />, isNumeric: true },
    { key: 'calls', header: t('keys.calls'), cell: ({ calls }) => countText(calls), isNumeric: true, isExtra: true },
    { key: 'used', header: t('keys.lastUsed'), cell: ({ last_used_at: at }) => <Instant at={at} /> },
    { key: 'limits', header: t('keys.limits'), cell: (key) => <Limits apiKey={key} /> },
    { key: 'expires', header: t('keys.expires'), cell: ({ expires_at: at }) => <Instant at={at} />, isExtra: true },
    { key: 'created', header: t('keys.created'), cell: ({ created_at: at }) => <Instant at={at} />, isExtra: true },
    { key: 'acts', header: t('keys.acts'), cell: (key) => <Acts apiKey={key} act={act} /> },
  ];
}

const Name = ({ apiKey: { name, last4 } }: { readonly apiKey: Key }) => (
  <Stack gap={2} miw={120} maw={260}>
    <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
      {name}
    </Text>
    <Code style={{ alignSelf: 'flex-start' }}>sk-th_…{last4}</Code>
  </Stack>
);

/** What limits a key, in a few words each. */
function Limits({ apiKey }: { readonly apiKey: Key }) {
  const { t } = useTranslation('usage');
  const { allowed_models: models, allowed_ips: ips } = apiKey;
  const limits = [
    ...BUDGETS.flatMap((name) => {
      const amount = apiKey[name];
      return amount === null ? [] : [t(`limit.${name}`, { amount: shortMoney(amount) })];
    }),
    ...RATES.flatMap((name) => {
      const most = apiKey[name];
      return most === null ? [] : [t(`limit.${name}`, { most: countText(most) })];
    }),
    ...(models === null ? [] : [t('limit.models', { count: models.length })]),
    ...(ips === null ? [] : [t('limit.ips', { count: ips.length })]),
  ];
  return (
    <Text size="sm" maw={240}>
      {limits.length === 0 ? t('limit.none') : limits.join(' · ')}
    </Text>
  );
}

function Acts({ apiKey, act }: { readonly apiKey: Key; readonly act: (key: Key, act: KeyAct) => void }) {
  const { t } = useTranslation('usage');
  if (apiKey.status === 'revoked') return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t('keys.actsOf', { name: apiKey.name })}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => act(apiKey, 'edit')}>{t('keys.edit')}</Menu.Item>
        <Menu.Item onClick={() => act(apiKey, 'reissue')}>{t('keys.reissueAct')}</Menu.Item>
        <Menu.Item onClick={() => act(apiKey, 'revoke')} c="var(--mantine-color-error)">
          {t('keys.revokeAct')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
