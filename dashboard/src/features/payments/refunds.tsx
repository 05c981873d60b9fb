import { Button, Code, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR, moreOf, rowsOf } from '../../api/pages.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money, shortMoney } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { RefundFailure } from '../../ui/refund-failure.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { REFUND_TONES } from '../../ui/tones.ts';
import { moneyChanged } from './changed.ts';

type Refund = Schema<'Refund'>;
const ENDINGS = ['declined', 'withdrawn', 'canceled'] as const;
/** How a refund stands, as the texts name it. */
const stateOf = ({ status, failure }: Refund) =>
  status === 'failed' ? (ENDINGS.find((each) => each === failure) ?? 'failed') : status;

/** Which refunds were asked for, how they stand, and a way to take back what nobody has decided on. */
export function Refunds() {
  const { t } = useTranslation('payments');
  const list = api.useInfiniteQuery('get', '/api/refunds', { params: { query: { limit: 10 } } }, BY_CURSOR);
  const columns: readonly Column<Refund>[] = [
    { key: 'requested_at', header: t('refunds.requestedAt'), cell: (row) => <Instant at={row.requested_at} /> },
    { key: 'credit', header: t('refunds.credit'), isNumeric: true, cell: (row) => <Money amount={row.credit} /> },
    {
      key: 'amount',
      header: t('refunds.amount'),
      isNumeric: true,
      cell: (row) => <Money amount={row.amount} currency={row.currency?.toUpperCase() ?? 'USD'} />,
    },
    { key: 'status', header: t('refunds.status'), cell: (row) => <State refund={row} /> },
    {
      key: 'acts',
      header: t('topups.acts'),
      cell: (row) => (row.status === 'requested' ? <Withdraw refund={row} /> : null),
    },
    { key: 'topup', header: t('refunds.topup'), isExtra: true, cell: (row) => <Code>{row.topup_id}</Code> },
  ];
  return (
    <Section title={t('refunds.title')} description={t('refunds.rules')}>
      <QueryState
        query={list}
        lines={2}
        empty={t('refunds.empty')}
        isEmpty={({ pages }) => pages[0]?.data.length === 0}
      >
        {({ pages }) => (
          <DataTable
            name="refunds"
            label={t('refunds.title')}
            columns={columns}
            rows={rowsOf(pages)}
            rowKey={({ id }) => id}
            empty={t('refunds.empty')}
            more={moreOf(list)}
          />
        )}
      </QueryState>
    </Section>
  );
}

function State({ refund }: { readonly refund: Refund }) {
  const { t } = useTranslation('payments');
  const state = stateOf(refund);
  return (
    <Stack gap={2} align="flex-start">
      <Status tone={state === 'withdrawn' ? 'neutral' : REFUND_TONES[refund.status]}>
        {t(`refunds.state.${state}`)}
      </Status>
      {refund.failure_reason !== null && (
        <Text size="xs" c="dimmed">
          <RefundFailure reason={refund.failure_reason} />
        </Text>
      )}
    </Stack>
  );
}

function Withdraw({ refund }: { readonly refund: Refund }) {
  const { t } = useTranslation('payments');
  const [isAsking, setIsAsking] = useState(false);
  const withdraw = api.useMutation('post', '/api/refunds/{id}/withdraw', { onSettled: moneyChanged });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setIsAsking(true)}>
        {t('refunds.withdraw')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('refunds.withdrawTitle')}
        act={t('refunds.withdrawAct')}
        onConfirm={() => withdraw.mutateAsync({ params: { path: { id: refund.id } } })}
      >
        {t('refunds.withdrawText', { credit: shortMoney(refund.credit) })}
      </Confirm>
    </>
  );
}
