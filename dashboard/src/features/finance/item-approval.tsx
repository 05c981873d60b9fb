import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { financeChanged } from './parts/changed.ts';
import { ProposalDecision } from './parts/proposal-decision.tsx';
import type { ItemStepProps } from './item-proposal.tsx';

/** Approving, as a second person, how a difference is closed; or declining it. */
export function ItemApproval({ item, onDone }: ItemStepProps) {
  const { t } = useTranslation('finance');
  const approve = api.useMutation('post', '/api/finance/reconciliation/items/{id}/approve', {
    onSuccess: financeChanged,
  });
  const decline = api.useMutation('post', '/api/finance/reconciliation/items/{id}/decline', {
    onSuccess: financeChanged,
  });
  const [resolution] = item.resolution;
  if (resolution === undefined) return null;
  const { action, requested_by, proposed_at } = resolution;
  const params = { path: { id: item.id } };
  return (
    <ProposalDecision
      proposedBy={requested_by}
      act={t('reconciliation.approve')}
      approveDoes={`${t(`reconciliation.effects.${action}`)} ${t('reconciliation.forGood')}`}
      declineDoes={t('reconciliation.declineDoes')}
      onApprove={(reason) => approve.mutateAsync({ params, body: { reason, proposed_at } }).then(onDone)}
      onDecline={(reason) => decline.mutateAsync({ params, body: { reason } }).then(onDone)}
    />
  );
}
