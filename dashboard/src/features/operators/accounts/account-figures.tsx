import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { Figures } from '../figures.tsx';

type Account = Schema<'AccountAsOf'>;

/** What an account has, and when it was last used. */
export function AccountFigures({ account }: { readonly account: Account }) {
  const { t } = useTranslation('operators');
  return (
    <Figures
      of={[
        { label: t('account.balance'), value: <Money amount={account.balance} /> },
        { label: t('account.held'), value: <Money amount={account.held} /> },
        { label: t('account.available'), value: <Money amount={account.available} /> },
        { label: t('account.debt'), value: <Money amount={account.debt} /> },
        { label: t('account.lastCall'), value: <Instant at={account.last_call_at} style="date" /> },
        { label: t('account.opened'), value: <Instant at={account.opened_at} style="date" /> },
      ]}
    />
  );
}
