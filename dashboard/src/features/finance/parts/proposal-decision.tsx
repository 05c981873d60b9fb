import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';

export interface ProposalDecisionProps {
  readonly proposedBy: string | null;
  /** What the button says that does what was proposed. */
  readonly act: string;
  /** What an approval does, and a decline. */
  readonly approveDoes: ReactNode;
  readonly declineDoes: string;
  readonly isDestructive?: boolean;
  readonly onApprove: (reason: string) => Promise<unknown>;
  readonly onDecline: (reason: string) => Promise<unknown>;
}

/** A second person approves what somebody proposed; anybody declines it. Each says why. */
export function ProposalDecision({ isDestructive = false, ...props }: ProposalDecisionProps) {
  const { t } = useTranslation('finance');
  const me = useSuspenseQuery(meQuery).data;
  const [asked, setAsked] = useState<'approve' | 'decline'>();
  const isMine = props.proposedBy === me.user_id;
  const close = () => setAsked(undefined);
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
          {props.act}
        </Button>
      </Group>
      <Confirm
        opened={asked === 'approve'}
        onClose={close}
        title={props.act}
        act={props.act}
        isDestructive={isDestructive}
        reason={t('columns.reason')}
        onConfirm={props.onApprove}
      >
        {props.approveDoes}
      </Confirm>
      <Confirm
        opened={asked === 'decline'}
        onClose={close}
        title={t('reconciliation.decline')}
        act={t('reconciliation.decline')}
        isDestructive
        reason={t('columns.reason')}
        onConfirm={props.onDecline}
      >
        {props.declineDoes}
      </Confirm>
    </Stack>
  );
}
