import { Code, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { Status } from '../../../ui/status.tsx';
import { REFUND_TONES, TOPUP_TONES } from '../../../ui/tones.ts';

/** What the owner bought, and what went back. */
export const AccountPayments = ({ id }: { readonly id: string }) => (
  <Stack gap="lg">
    <Topups id={id} />
    <Refunds id={id} />
  </Stack>
);

function Topups({ id }: { readonly id: string }) {
  const { t } = useTranslation('operators');
  const params = { path: { id }, query: {} };
  const topups = api.useInfiniteQuery('get', '/api/operator/accounts/{id}/topups', { params }, BY_CURSOR);
  return (
    <section>
      <Title order={2}>{t('account.topups')}</Title>
      <PagedTable
        query={topups}
        name="operator-topups"
        label={t('account.topups')}
        rowKey={(topup) => topup.id}
        empty={t('account.noTopups')}
        columns={[
          { key: 'at', header: t('account.at'), cell: ({ ordered_at: at }) => <Instant at={at} /> },
          {
            key: 'credit',
            header: t('account.credit'),
            isNumeric: true,
            cell: ({ credit }) => <Money amount={credit} />,
          },
          { key: 'currency', header: t('account.currency'), cell: ({ currency }) => currency.toUpperCase() },
          {
            key: 'state',
            header: t('accounts.state'),
            cell: ({ status }) => <Status tone={TOPUP_TONES[status]}>{t(`account.topupStates.${status}`)}</Status>,
          },
          { key: 'id', header: t('account.topup'), cell: (topup) => <Code>{topup.id}</Code> },
        ]}
      />
    </section>
  );
}

function Refunds({ id }: { readonly id: string }) {
  const { t } = useTranslation('operators');
  const params = { path: { id }, query: {} };
  const refunds = api.useInfiniteQuery('get', '/api/operator/accounts/{id}/refunds', { params }, BY_CURSOR);
  return (
    <section>
      <Title order={2}>{t('account.refunds')}</Title>
      <PagedTable
        query={refunds}
        name="operator-refunds"
        label={t('account.refunds')}
        rowKey={(refund) => refund.id}
        empty={t('account.noRefunds')}
        columns={[
          { key: 'at', header: t('account.at'), cell: ({ requested_at: at }) => <Instant at={at} /> },
          {
            key: 'credit',
            header: t('account.credit'),
            isNumeric: true,
            cell: ({ credit }) => <Money amount={credit} />,
          },
          {
            key: 'state',
            header: t('accounts.state'),
            cell: ({ status }) => <Status tone={REFUND_TONES[status]}>{t(`account.refundStates.${status}`)}</Status>,
          },
          { key: 'reason', header: t('account.reason'), cell: ({ reason }) => reason ?? '–' },
          { key: 'id', header: t('account.refund'), cell: (refund) => <Code>{refund.id}</Code> },
        ]}
      />
    </section>
  );
}
