import { Card, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { decimalText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';

/** A rate of today says nothing about what comes in ten years. */
const isLong = (days: string): boolean => /^\d{4}/.test(days);

/** What an account has, what it spends, and how long that goes on. */
export function Figures({ overview }: { readonly overview: Schema<'Overview'> }) {
  const { t } = useTranslation('usage');
  const { balance, held, available, burn_rate_per_day: rate, days_left: days, spend } = overview;
  const lastingText = (left: string | null) => {
    if (left === null) return '–';
    return isLong(left) ? t('overview.years') : t('overview.days', { days: decimalText(left) });
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
      <Figure label={t('overview.available')} hint={t('overview.availableHint')} value={<Money amount={available} />}>
        {t('overview.balanceIs')} <Money amount={balance} /> · {t('overview.heldIs')} <Money amount={held} />
      </Figure>
      <Figure label={t('overview.daysLeft')} hint={t('overview.daysLeftHint')} value={lastingText(days)}>
        {days === null ? t('overview.noSpend') : <Money amount={rate} />} {days !== null && t('overview.perDay')}
      </Figure>
      <Figure label={t('overview.today')} hint={t('overview.todayHint')} value={<Money amount={spend.today} />}>
        {t('overview.sevenDays')} <Money amount={spend.last_7_days} /> · {t('overview.thirtyDays')}{' '}
        <Money amount={spend.last_30_days} />
      </Figure>
    </SimpleGrid>
  );
}

interface FigureProps {
  readonly label: string;
  /** By which rule it is made. */
  readonly hint: string;
  readonly value: ReactNode;
  readonly children: ReactNode;
}

const Figure = ({ label, hint, value, children }: FigureProps) => (
  <Card withBorder component="section" aria-label={label}>
    <Text size="sm" c="dimmed">
      {label}
    </Text>
    <Text component="div" fz="1.8rem" fw={650} style={{ lineHeight: 1.3 }}>
      {value}
    </Text>
    <Text component="div" size="sm">
      {children}
    </Text>
    <Text size="xs" c="dimmed" mt="xs">
      {hint}
    </Text>
  </Card>
);
