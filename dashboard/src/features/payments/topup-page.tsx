import { SimpleGrid, Stack } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { AutomaticTopup } from './automatic-topup.tsx';
import { BalanceAlert } from './balance-alert.tsx';
import { BuyCredit } from './buy-credit.tsx';
import { CheckoutReturn } from './checkout-return.tsx';
import { Refunds } from './refunds.tsx';
import { Topups } from './topups.tsx';

/** Everything about credit: buying it, what was bought, getting it back, and never running out of it. */
export function TopupPage() {
  const { t } = useTranslation('payments');
  useLive();
  const { topup, checkout } = useSearch({ strict: false });
  return (
    <Page title={t('topup.title')} description={<Balance />}>
      <Stack gap="xl">
        {topup !== undefined && <CheckoutReturn key={topup} id={topup} isBack={checkout === 'canceled'} />}
        <BuyCredit />
        <Topups />
        <Refunds />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <AutomaticTopup />
          <BalanceAlert />
        </SimpleGrid>
      </Stack>
    </Page>
  );
}

function Balance() {
  const { t } = useTranslation('payments');
  const { data } = api.useQuery('get', '/api/balance');
  if (data === undefined) return t('topup.description');
  return (
    <>
      {t('topup.balance')} <Money amount={data.balance} /> · {t('topup.available')} <Money amount={data.available} />
    </>
  );
}
