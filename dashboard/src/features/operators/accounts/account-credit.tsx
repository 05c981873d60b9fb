import { Code, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';

type Account = Schema<'AccountAsOf'>;

/** The lots that pay for calls, and what is set aside for calls under way. */
export function AccountCredit({ account: { lots, holds } }: { readonly account: Account }) {
  return (
    <Stack gap="lg">
      <Lots lots={lots} />
      <Holds holds={holds} />
    </Stack>
  );
}

function Lots({ lots }: Pick<Account, 'lots'>) {
  const { t } = useTranslation('operators');
  return (
    <section>
      <Title order={2}>{t('account.lots')}</Title>
      <DataTable
        name="operator-lots"
        label={t('account.lots')}
        rows={lots}
        rowKey={({ id }) => id}
        empty={t('account.noLots')}
        columns={[
          { key: 'id', header: t('account.lot'), cell: ({ id }) => <Code>{id}</Code> },
          { key: 'kind', header: t('account.kind'), cell: ({ kind }) => t(`account.kinds.${kind}`) },
          {
            key: 'amount',
            header: t('account.amount'),
            isNumeric: true,
            cell: ({ amount }) => <Money amount={amount} />,
          },
          {
            key: 'left',
            header: t('account.left'),
            isNumeric: true,
            cell: ({ remaining }) => <Money amount={remaining} />,
          },
          { key: 'since', header: t('account.since'), cell: ({ created_at: at }) => <Instant at={at} style="date" /> },
          {
            key: 'expires',
            header: t('account.expires'),
            cell: ({ expires_at: at }) => <Instant at={at} style="date" />,
          },
        ]}
      />
    </section>
  );
}

function Holds({ holds }: Pick<Account, 'holds'>) {
  const { t } = useTranslation('operators');
  return (
    <section>
      <Title order={2}>{t('account.holds')}</Title>
      <DataTable
        name="operator-holds"
        label={t('account.holds')}
        rows={holds}
        rowKey={({ charge_id: id }) => id}
        empty={t('account.noHolds')}
        columns={[
          { key: 'charge', header: t('account.charge'), cell: ({ charge_id: id }) => <Code>{id}</Code> },
          { key: 'model', header: t('account.model'), cell: ({ model }) => <Code>{model}</Code> },
          {
            key: 'amount',
            header: t('account.amount'),
            isNumeric: true,
            cell: ({ amount }) => <Money amount={amount} />,
          },
          {
            key: 'placed',
            header: t('account.placed'),
            cell: ({ placed_at: at }) => <Instant at={at} style="second" />,
          },
        ]}
      />
    </section>
  );
}
