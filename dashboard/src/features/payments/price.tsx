import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Money } from '../../ui/money.tsx';
import { Countdown } from './countdown.tsx';

export interface PriceProps {
  readonly price: Schema<'TopupPrice'>;
  /** The offer is over: another one is to be asked for. */
  readonly expired: () => void;
}

/** What is paid and what is got for it; for a price in another currency, at which rate, from where, and until when. */
export function Price({ price, expired }: PriceProps) {
  const { t } = useTranslation('payments');
  const { quote } = price;
  return (
    <Stack gap={2}>
      <Text>
        {t('price.youPay')}{' '}
        <strong>
          <Money amount={price.price} currency={price.currency.toUpperCase()} whole />
        </strong>{' '}
        {t('price.youGet')}{' '}
        <strong>
          <Money amount={price.credit} whole />
        </strong>
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {quote === null ? (
          t('price.sameCurrency')
        ) : (
          <>
            {t('price.rate')} <Money amount={quote.rate} currency="CNY" whole /> = <Money amount="1.00" whole /> ·{' '}
            {quote.source === 'configured' ? t('price.configured') : t('price.from', { source: quote.source })} ·{' '}
            {t('price.holds')} <Countdown key={quote.expires_at} until={quote.expires_at} over={expired} />
          </>
        )}
      </Text>
    </Stack>
  );
}
