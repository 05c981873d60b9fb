import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';

export type Currency = Schema<'TopupPrice'>['currency'];

export interface CurrencyChoiceProps {
  readonly label: string;
  readonly currencies: readonly Currency[];
  readonly value: Currency;
  readonly onChange: (value: Currency) => void;
}

/** The currency to pay in; nothing where there is only one. */
export function CurrencyChoice({ label, currencies, value, onChange }: CurrencyChoiceProps) {
  const { t } = useTranslation('payments');
  const id = useId();
  if (currencies.length < 2) return null;
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" fw={500} id={id}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={value}
        onChange={onChange}
        data={currencies.map((currency) => ({ value: currency, label: t(`currency.${currency}`) }))}
      />
    </Stack>
  );
}
