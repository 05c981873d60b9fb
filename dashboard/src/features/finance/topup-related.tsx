import { Card, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Status } from '../../ui/status.tsx';
import { DISPUTE_TONES, REFUND_TONES } from '../../ui/tones.ts';
import { Person } from './parts/names.tsx';
import { Reason } from './parts/reason.tsx';

type Refund = Schema<'FinanceRefund'>;
type Dispute = Schema<'Dispute'>;

export function RelatedRefunds({ refunds }: { readonly refunds: readonly Refund[] }) {
  const { t } = useTranslation('finance');
  if (refunds.length === 0) return <Nothing title={t('refunds.title')} text={t('topup.noRefunds')} />;
  const columns: readonly Column<Refund>[] = [
    { key: 'at', header: t('refunds.asked'), cell: ({ requested_at: at }) => <Instant at={at} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ id, status }) => (
        <Link to="/finance/refunds" search={{ refund: id }}>
          <Status tone={REFUND_TONES[status]}>{t(`refunds.status.${status}`)}</Status>
        </Link>
      ),
    },
    { key: 'credit', header: t('columns.credit'), isNumeric: true, cell: ({ credit }) => <Money amount={credit} /> },
    {
      key: 'amount',
      header: t('refunds.paidBack'),
      isNumeric: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency ?? 'usd'} />,
    },
    { key: 'by', header: t('refunds.who'), cell: ({ requested_by: id }) => <Person id={id} /> },
    { key: 'why', header: t('columns.reason'), cell: ({ reason }) => <Reason reason={reason} /> },
    {
      key: 'decided',
      header: t('refunds.decided'),
      cell: (refund) => <Person id={refund.approved_by ?? refund.declined_by} />,
    },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('refunds.title')}
      </Title>
      <DataTable
        name="finance-topup-refunds"
        label={t('refunds.title')}
        columns={columns}
        rows={refunds}
        rowKey={({ id }) => id}
        empty=""
      />
    </Stack>
  );
}

export function RelatedDisputes({ disputes }: { readonly disputes: readonly Dispute[] }) {
  const { t } = useTranslation('finance');
  if (disputes.length === 0) return null;
  const columns: readonly Column<Dispute>[] = [
    { key: 'at', header: t('disputes.opened'), cell: ({ opened_at: at }) => <Instant at={at} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ id, status }) => (
        <Link to="/finance/disputes" search={{ dispute: id }}>
          <Status tone={DISPUTE_TONES[status]}>{t(`disputes.status.${status}`)}</Status>
        </Link>
      ),
    },
    { key: 'amount', header: t('disputes.amount'), isNumeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    { key: 'reason', header: t('columns.reason'), cell: ({ reason }) => inWords(reason) },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('disputes.title')}
      </Title>
      <DataTable
        name="finance-topup-disputes"
        label={t('disputes.title')}
        columns={columns}
        rows={disputes}
        rowKey={({ id }) => id}
        empty=""
      />
    </Stack>
  );
}

const Nothing = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <Card withBorder>
    <Title order={2} size="h3">
      {title}
    </Title>
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  </Card>
);
