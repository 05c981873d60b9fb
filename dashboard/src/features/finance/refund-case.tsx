import { Alert, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { RefundFailure } from '../../ui/refund-failure.tsx';
import { Status } from '../../ui/status.tsx';
import { Facts } from '../../ui/facts.tsx';
import { AccountName, Person, ShortId } from './parts/names.tsx';
import { Reason } from './parts/reason.tsx';
import { REFUND_TONES } from '../../ui/tones.ts';
import { RefundDecision } from './refund-decision.tsx';
import { RefundEnd } from './refund-end.tsx';
import { TopupLink } from './parts/topup-link.tsx';

type Case = Schema<'FinanceRefundCase'>;

/** All that a person has to know who decides on a refund, and the decision. */
export function RefundCase({ id, onClose }: { readonly id: string | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const refund = api.useQuery(
    'get',
    '/api/finance/refunds/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  return (
    <Dialog opened={id !== undefined} onClose={onClose} title={t('refunds.one')} size="lg">
      <QueryState query={refund} lines={10}>
        {(found) => (
          <Stack>
            <About refund={found} />
            <WhatItDoes refund={found} />
            <RefundDecision refund={found} onDone={onClose} />
            <RefundEnd refund={found} onDone={onClose} />
          </Stack>
        )}
      </QueryState>
    </Dialog>
  );
}

function About({ refund }: { readonly refund: Case }) {
  const { t } = useTranslation('finance');
  const { status, topup_id: topup, failure_reason: why } = refund;
  return (
    <Facts
      facts={[
        [
          t('columns.status'),
          <Status key="s" tone={REFUND_TONES[status]}>
            {t(`refunds.status.${status}`)}
          </Status>,
        ],
        [t('columns.account'), <AccountName key="a" id={refund.account_id} />],
        [t('refunds.credit'), <Money key="c" amount={refund.credit} whole />],
        [t('refunds.paidBack'), <Money key="p" amount={refund.amount} currency={refund.currency ?? 'usd'} />],
        [t('refunds.ofTopup'), <TopupLink key="t" id={topup} />],
        [t('refunds.who'), <Person key="w" id={refund.requested_by} />],
        [t('refunds.asked'), <Instant key="at" at={refund.requested_at} />],
        [t('columns.reason'), <Reason key="r" reason={refund.reason} />],
        [t('refunds.decided'), <Person key="d" id={refund.approved_by ?? refund.declined_by} />],
        ...(why === null ? [] : [[t('refunds.failureReason'), <RefundFailure key="f" reason={why} />] as const]),
        [t('refunds.stripe'), <ShortId key="st" id={refund.stripe_refund} />],
      ]}
    />
  );
}

function WhatItDoes({ refund }: { readonly refund: Case }) {
  const { t } = useTranslation('finance');
  return (
    <Alert role="note" variant="default" title={t('refunds.effect')}>
      <Facts
        facts={[
          [t('refunds.balance'), <Money key="b" amount={refund.balance} />],
          [t('refunds.available'), <Money key="a" amount={refund.available} />],
          ...(refund.status === 'requested'
            ? ([
                [t('refunds.afterApproval'), <Money key="aa" amount={refund.balance} />],
                [t('refunds.afterDecline'), <Money key="ad" amount={refund.balance_after_decline} />],
              ] as const)
            : []),
          [t('refunds.bought'), <Money key="cb" amount={refund.credit_bought} />],
          [t('refunds.left'), <Money key="cl" amount={refund.credit_left} />],
        ]}
      />
      <Text size="sm" mt="xs">
        {t(refund.status === 'requested' ? 'refunds.takenAlready' : 'refunds.now')}
      </Text>
    </Alert>
  );
}
