import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { wholeMoney } from '../../ui/money.tsx';
import { financeChanged } from './parts/changed.ts';

type Case = Schema<'FinanceRefundCase'>;

export interface DecisionProps {
  readonly refund: Case;
  readonly onDone: () => void;
}

/** Approving or declining a refund that waits. Each asks once, saying what happens. */
export function RefundDecision({ refund, onDone }: DecisionProps) {
  const { t } = useTranslation('finance');
  const [asked, setAsked] = useState<'approve' | 'decline'>();
  const approve = api.useMutation('post', '/api/finance/refunds/{id}/approve', { onSuccess: financeChanged });
  const decline = api.useMutation('post', '/api/finance/refunds/{id}/decline', { onSuccess: financeChanged });
  if (refund.status !== 'requested') return null;
  const params = { path: { id: refund.id } };
  const credit = wholeMoney(refund.credit);
  const isOthers = refund.approval === 'second_person_needed';
  return (
    <Stack gap="sm">
      {isOthers && (
        <Alert role="note" color="yellow" title={t('secondPerson')}>
          <Text size="sm">{t('refunds.secondPerson')}</Text>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => setAsked('decline')}>
          {t('refunds.decline')}
        </Button>
        <Button disabled={isOthers} onClick={() => setAsked('approve')}>
          {t('refunds.approve')}
        </Button>
      </Group>
      <Confirm
        opened={asked === 'approve'}
        onClose={() => setAsked(undefined)}
        title={t('refunds.approveTitle', { credit })}
        act={t('refunds.approve')}
        onConfirm={() => approve.mutateAsync({ params, body: {} }).then(onDone)}
      >
        {t('refunds.approveDoes', { credit })}
      </Confirm>
      <Confirm
        opened={asked === 'decline'}
        onClose={() => setAsked(undefined)}
        title={t('refunds.declineTitle', { credit })}
        act={t('refunds.decline')}
        isDestructive
        reason={t('refunds.declineReason')}
        onConfirm={(reason) => decline.mutateAsync({ params, body: { reason } }).then(onDone)}
      >
        {t('refunds.declineDoes', { credit })}
      </Confirm>
    </Stack>
  );
}
