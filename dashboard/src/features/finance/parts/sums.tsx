import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Money } from '../../../ui/money.tsx';
import { Change } from './balance.tsx';

/** Amounts in one or more currencies, with the fee that Stripe kept of each. */
export function Sums({ sums }: { readonly sums: readonly Schema<'Sum'>[] }) {
  const { t } = useTranslation('finance');
  if (sums.length === 0) return <span>–</span>;
  return (
    <Stack gap={0}>
      {sums.map(({ currency, amount, fee }, place) => (
        <span key={`${currency}/${place}`}>
          <Change amount={amount} currency={currency} />
          {!/^-?0(\.0+)?$/.test(fee) && (
            <Text span size="xs" c="dimmed">
              {' '}
              {t('reconciliation.fee')} <Money amount={fee} currency={currency} />
            </Text>
          )}
        </span>
      ))}
    </Stack>
  );
}
