import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { decimalText } from '../../ui/instant.tsx';
import { LinkButton } from '../../ui/link.tsx';

/** Why calls are refused, or soon will be, with what to do. */
export function LowBalance({ overview }: { readonly overview: Schema<'Overview'> }) {
  const { t } = useTranslation('usage');
  const { frozen, suspended, low, days_left: days, first_steps: steps } = overview;
  const icon = <IconAlertTriangle aria-hidden />;
  if (suspended || frozen) {
    const why = suspended ? 'suspended' : 'frozen';
    return (
      <Alert color="red" role="status" icon={icon} title={t(`overview.${why}`)}>
        {t(`overview.${why}Text`)}
      </Alert>
    );
  }
  if (!low || !steps.credit) return null;
  return (
    <Alert color="yellow" role="status" icon={icon} title={t('overview.low')}>
      <Group justify="space-between">
        <Text size="sm">
          {days === null || days === '0.0'
            ? t('overview.lowNothing')
            : t('overview.lowDays', { days: decimalText(days) })}
        </Text>
        <LinkButton to="/topup" size="xs">
          {t('overview.topup')}
        </LinkButton>
      </Group>
    </Alert>
  );
}
