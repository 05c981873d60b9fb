import { Alert, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Balance, isZero } from './parts/balance.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

type Month = Schema<'AccountingPeriod'>;

/** How a month stands to Stripe: what of its balance the ledger has not, and which days were never compared. */
export function MonthAtStripe({ month }: { readonly month: Month }) {
  const { t } = useTranslation('finance');
  const days = month.uncompared_days;
  if (days === null) return null;
  const agrees = month.stripe_balances.every(({ rest }) => isZero(rest));
  return (
    <Stack gap="xs">
      {month.stripe_balances.length > 0 && <BalancesAtStripe month={month} />}
      {!agrees && <Text size="sm">{t('close.restLeft')}</Text>}
      {days.length > 0 && (
        <Alert role="note" color="yellow" title={t('close.neverCompared', { count: days.length })}>
          <Text size="sm">{days.join(', ')}</Text>
        </Alert>
      )}
    </Stack>
  );
}

function BalancesAtStripe({ month }: { readonly month: Month }) {
  const { t } = useTranslation('finance');
  return (
    <PlainTable
      label={t('close.atStripe')}
      rows={month.stripe_balances}
      rowKey={({ currency }) => currency}
      columns={[
        { key: 'currency', header: t('close.atStripe'), cell: ({ currency, day }) => `${currency}, ${day}` },
        {
          key: 'stripe',
          header: t('close.stripeHas'),
          isNumeric: true,
          cell: ({ stripe, currency }) => <Balance amount={stripe} currency={currency} />,
        },
        {
          key: 'ledger',
          header: t('close.ledgerHas'),
          isNumeric: true,
          cell: ({ ledger, currency }) => <Balance amount={ledger} currency={currency} />,
        },
        {
          key: 'rest',
          header: t('close.rest'),
          isNumeric: true,
          cell: ({ rest, currency }) => <Balance amount={rest} currency={currency} />,
        },
      ]}
    />
  );
}
