import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { PaymentFailure } from '../../ui/payment-failure.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { TOPUP_TONES } from '../../ui/tones.ts';
import { RefundRequest } from './refund-request.tsx';
import { CancelTopup, PayTopup } from './unpaid-acts.tsx';

type Topup = Schema<'Topup'>;

/** What was ordered, how it stands, and what can be done about it. */
export function Topups() {
  const { t } = useTranslation('payments');
  const list = api.useInfiniteQuery('get', '/api/topups', { params: { query: { limit: 10 } } }, BY_CURSOR);
  const columns: readonly Column<Topup>[] = [
    { key: 'ordered_at', header: t('topups.orderedAt'), cell: (row) => <Instant at={row.ordered_at} /> },
    { key: 'credit', header: t('topups.credit'), isNumeric: true, cell: (row) => <Money amount={row.credit} /> },
    {
      key: 'price',
      header: t('topups.price'),
      isNumeric: true,
      cell: (row) => <Money amount={row.price} currency={row.currency.toUpperCase()} />,
    },
    { key: 'status', header: t('topups.status'), cell: (row) => <State topup={row} /> },
    { key: 'refundable', header: t('topups.refundable'), cell: (row) => <Refundable topup={row} /> },
    { key: 'acts', header: t('topups.acts'), cell: (row) => <Acts topup={row} /> },
    { key: 'id', header: t('topups.id'), isExtra: true, cell: (row) => row.id },
  ];
  return (
    <Section title={t('topups.title')}>
      <PagedTable
        query={list}
        name="topups"
        label={t('topups.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('topups.empty')}
      />
    </Section>
  );
}

function State({ topup: { status, automatic, expires_at: until, failure } }: { readonly topup: Topup }) {
  const { t } = useTranslation('payments');
  return (
    <Stack gap={2} align="flex-start">
      <Status tone={TOPUP_TONES[status]}>{t(`topups.state.${status}`)}</Status>
      <Text size="xs" c="dimmed" component="div">
        {status === 'ordered' && (
          <>
            {t('topups.until')} <Instant at={until} />
          </>
        )}
        <PaymentFailure failure={failure} />
        {automatic && t('topups.automatic')}
      </Text>
    </Stack>
  );
}

function Refundable({ topup }: { readonly topup: Topup }) {
  const { t } = useTranslation('payments');
  const { not_refundable: why, refundable, refundable_until: until } = topup;
  if (why === 'not_paid') return <span>–</span>;
  return (
    <Stack gap={2}>
      <Text size="sm" component="div">
        {why === null ? <Money amount={refundable} /> : t(`topups.notRefundable.${why}`)}
      </Text>
      {why !== 'refund_window_over' && (
        <Text size="xs" c="dimmed" component="div">
          {t('topups.until')} <Instant at={until} style="date" />
        </Text>
      )}
    </Stack>
  );
}

function Acts({ topup }: { readonly topup: Topup }) {
  const { t } = useTranslation('payments');
  const { status, automatic, receipt_url: receipt, not_refundable: why } = topup;
  return (
    <Group gap="xs" wrap="nowrap">
      {status === 'ordered' && !automatic && <PayTopup id={topup.id} />}
      {status === 'ordered' && !automatic && <CancelTopup topup={topup} />}
      {receipt !== null && (
        <Button component="a" href={receipt} target="_blank" size="xs" variant="default">
          {t('topups.receipt')}
        </Button>
      )}
      {why === null && <RefundRequest topup={topup} />}
    </Group>
  );
}
