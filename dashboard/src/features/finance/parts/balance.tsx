// Amounts as books write them: the side in words, so that a sign is never overlooked.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Money } from '../../../ui/money.tsx';

export interface BalanceProps {
  readonly amount: string;
  readonly currency: string;
}

export const isZero = (amount: string): boolean => /^-?0(\.0+)?$/.test(amount);

/** A balance of an account: its amount, and whether it is a debit or a credit. */
export function Balance({ amount, currency }: BalanceProps) {
  const { t } = useTranslation('finance');
  if (isZero(amount)) return <Money amount="0.00" currency={currency} />;
  const isCredit = amount.startsWith('-');
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Money amount={isCredit ? amount.slice(1) : amount} currency={currency} />
      <Text span size="xs" c="dimmed">
        {t(isCredit ? 'books.credit' : 'books.debit')}
      </Text>
    </Group>
  );
}

/** A change: what went out is negative, in red and with its sign; nothing is a dash. */
export function Change({ amount, currency }: BalanceProps) {
  if (isZero(amount))
    return (
      <Text span inherit c="dimmed">
        –
      </Text>
    );
  return (
    <Text span inherit c={amount.startsWith('-') ? 'var(--mantine-color-error)' : undefined}>
      <Money amount={amount} currency={currency} />
    </Text>
  );
}
