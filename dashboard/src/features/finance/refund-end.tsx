import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { financeChanged } from './parts/changed.ts';
import { Person } from './parts/names.tsx';
import { ProposalDecision } from './parts/proposal-decision.tsx';
import type { DecisionProps } from './refund-decision.tsx';

/** Ending by hand a refund that was approved and that Stripe does not end: one person proposes it, another one does it. */
export function RefundEnd({ refund, onDone }: DecisionProps) {
  const { t } = useTranslation('finance');
  const [proposal] = refund.by_hand;
  if (refund.status !== 'approved' || (!refund.stuck && proposal === undefined)) return null;
  return (
    <Stack gap="sm">
      <Alert role="note" color="yellow" title={t('refunds.stuckTitle')}>
        <Text size="sm">{t('refunds.stuckText')}</Text>
        {proposal !== undefined && (
          <Text size="sm" mt="xs" component="div">
            <Person id={proposal.requested_by} />: {t(`refunds.proposed.${proposal.outcome}`)}{' '}
            {proposal.outside && t('refunds.paidOutside')} {proposal.reason}
          </Text>
        )}
      </Alert>
      {proposal === undefined ? (
        <Propose refund={refund} onDone={onDone} />
      ) : (
        <Approve refund={refund} onDone={onDone} />
      )}
    </Stack>
  );
}

function Propose({ refund, onDone }: DecisionProps) {
  const { t } = useTranslation('finance');
  const [asked, setAsked] = useState<'complete' | 'fail'>();
  const [isOutside, setIsOutside] = useState(false);
  const complete = api.useMutation('post', '/api/finance/refunds/{id}/complete', { onSuccess: financeChanged });
  const fail = api.useMutation('post', '/api/finance/refunds/{id}/fail', { onSuccess: financeChanged });
  const params = { path: { id: refund.id } };
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={() => setAsked('fail')}>
        {t('refunds.fail')}
      </Button>
      <Button onClick={() => setAsked('complete')}>{t('refunds.complete')}</Button>
      <Confirm
        opened={asked === 'complete'}
        onClose={() => setAsked(undefined)}
        title={t('refunds.complete')}
        act={t('refunds.propose')}
        reason={t('columns.reason')}
        onConfirm={(reason) => complete.mutateAsync({ params, body: { reason, outside: isOutside } }).then(onDone)}
      >
        <Stack gap="xs">
          {t('refunds.completeDoes')}
          <Checkbox
            label={t('refunds.outside')}
            checked={isOutside}
            onChange={({ currentTarget }) => setIsOutside(currentTarget.checked)}
          />
        </Stack>
      </Confirm>
      <Confirm
        opened={asked === 'fail'}
        onClose={() => setAsked(undefined)}
        title={t('refunds.fail')}
        act={t('refunds.propose')}
        isDestructive
        reason={t('columns.reason')}
        onConfirm={(reason) => fail.mutateAsync({ params, body: { reason } }).then(onDone)}
      >
        {t('refunds.failDoes')}
      </Confirm>
    </Group>
  );
}

function Approve({ refund, onDone }: DecisionProps) {
  const { t } = useTranslation('finance');
  const end = api.useMutation('post', '/api/finance/refunds/{id}/end', { onSuccess: financeChanged });
  const decline = api.useMutation('post', '/api/finance/refunds/{id}/decline-end', { onSuccess: financeChanged });
  const [proposal] = refund.by_hand;
  if (proposal === undefined) return null;
  const { requested_by, proposed_at, outcome } = proposal;
  const params = { path: { id: refund.id } };
  return (
    <ProposalDecision
      proposedBy={requested_by}
      act={t('refunds.end')}
      approveDoes={`${t(`refunds.endDoes.${outcome}`)} ${proposal.outside ? t('refunds.paidOutside') : ''}`}
      declineDoes={t('refunds.declineEndDoes')}
      isDestructive={outcome === 'failed'}
      onApprove={(reason) => end.mutateAsync({ params, body: { reason, proposed_at } }).then(onDone)}
      onDecline={(reason) => decline.mutateAsync({ params, body: { reason } }).then(onDone)}
    />
  );
}
