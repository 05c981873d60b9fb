import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { financeChanged } from './parts/changed.ts';
import type { ItemStepProps } from './item-proposal.tsx';

/** Approving, as a second person, how a difference is closed; or declining it. */
export function ItemApproval({ item, onDone }: ItemStepProps) {
  const { t } = useTranslation('finance');
  const me = useSuspenseQuery(meQuery).data;
  const [asked, setAsked] = useState<'approve' | 'decline'>();
  const approve = api.useMutation('post', '/api/finance/reconciliation/items/{id}/approve', {
    onSuccess: financeChanged,
  });
  const decline = api.useMutation('post', '/api/finance/reconciliation/items/{id}/decline', {
    onSuccess: financeChanged,
  });
  const [resolution] = item.resolution;
  if (resolution === undefined) return null;
  const isMine = resolution.requested_by === me.user_id;
  const params = { path: { id: item.id } };
  return (
    <Stack gap="sm">
      {isMine && (
        <Alert role="note" color="yellow" title={t('secondPerson')}>
          <Text size="sm">{t('reconciliation.secondPerson')}</Text>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => setAsked('decline')}>
          {t('reconciliation.decline')}
        </Button>
        <Button disabled={isMine} onClick={() => setAsked('approve')}>
          {t('reconciliation.approve')}
        </Button>
      </Group>
      <Confirm
        opened={asked === 'approve'}
        onClose={() => setAsked(undefined)}
        title={t('reconciliation.approve')}
        act={t('reconciliation.approve')}
        onConfirm={() => approve.mutateAsync({ params }).then(onDone)}
      >
        {t(`reconciliation.effects.${resolution.action}`)} {t('reconciliation.forGood')}
      </Confirm>
      <Confirm
        opened={asked === 'decline'}
        onClose={() => setAsked(undefined)}
        title={t('reconciliation.decline')}
        act={t('reconciliation.decline')}
        isDestructive
        reason={t('columns.reason')}
        onConfirm={(reason) => decline.mutateAsync({ params, body: { reason } }).then(onDone)}
      >
        {t('reconciliation.declineDoes')}
      </Confirm>
    </Stack>
  );
}
