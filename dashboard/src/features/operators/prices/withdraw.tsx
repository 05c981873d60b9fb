import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';

/** Withdraws a version that is not in force yet. */
export function Withdraw({ version }: { readonly version: string }) {
  const { t } = useTranslation('operators');
  const [isAsking, setIsAsking] = useState(false);
  const withdraw = api.useMutation('post', '/api/operator/price-lists/{version}/withdraw', {
    onSuccess: () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => String(path).includes('/price-lists') }),
  });
  return (
    <>
      <Button variant="default" color="red" onClick={() => setIsAsking(true)}>
        {t('prices.withdraw')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('prices.withdrawTitle', { version })}
        act={t('prices.withdraw')}
        isDestructive
        reason={t('suspend.reason')}
        onConfirm={(reason) => withdraw.mutateAsync({ params: { path: { version } }, body: { reason } })}
      >
        {t('prices.whatWithdrawDoes')}
      </Confirm>
    </>
  );
}
