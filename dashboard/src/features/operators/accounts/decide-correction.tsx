import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Money } from '../../../ui/money.tsx';
import { QueryState } from '../../../ui/query-state.tsx';

export interface DecideCorrectionProps {
  readonly id: string;
  readonly choice: 'approve' | 'decline';
  readonly close: () => void;
}

/** The second person’s decision: shows first what it would leave on the balance. */
export function DecideCorrection({ id, choice, close }: DecideCorrectionProps) {
  const { t } = useTranslation('operators');
  const item = api.useQuery('get', '/api/operator/queue/{id}', { params: { path: { id } } });
  const decide = api.useMutation('post', '/api/operator/queue/{id}/{choice}', {
    onSuccess: () =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/'),
      }),
  });
  return (
    <Confirm
      opened
      onClose={close}
      title={t(`correct.${choice}Title`)}
      act={t(`correct.${choice}`)}
      reason={t('correct.decisionReason')}
      onConfirm={(reason) =>
        decide.mutateAsync({
          params: { path: { id, choice } },
          body: { reason, ...(item.data !== undefined && { state: item.data.state }) },
        })
      }
    >
      {choice === 'decline' ? (
        t('correct.whatDeclineDoes')
      ) : (
        <QueryState query={item} lines={2}>
          {({ previews }) => <Effect of={previews.find((each) => each.choice === 'approve')} />}
        </QueryState>
      )}
    </Confirm>
  );
}

function Effect({ of: preview }: { readonly of: Schema<'QueueChoice'> | undefined }) {
  const { t } = useTranslation('operators');
  if (preview === undefined) return <Text size="sm">{t('correct.settled')}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{t('correct.whatApproveDoes')}</Text>
      {preview.effect?.balances.map(({ account_id: account, balance_before: before, balance_after: after }) => (
        <Text key={account} size="sm">
          {t('correct.balanceGoes')} <Money amount={before} whole /> → <Money amount={after} whole />
        </Text>
      ))}
    </Stack>
  );
}
