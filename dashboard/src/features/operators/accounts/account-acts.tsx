import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { CorrectBalance } from './correct-balance.tsx';

type Account = Schema<'AccountAsOf'>;

/** What operators have seen of accounts, after one of them has changed. */
const changed = () =>
  queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/') });

/** What an operator can do about an account. */
export function AccountActs({ account }: { readonly account: Account }) {
  const { t } = useTranslation('operators');
  const [isOpen, setIsOpen] = useState<'suspension' | 'correction'>();
  const close = () => setIsOpen(undefined);
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen('correction')}>
        {t('correct.open')}
      </Button>
      <Button
        variant={account.suspended ? 'filled' : 'default'}
        color={account.suspended ? undefined : 'red'}
        onClick={() => setIsOpen('suspension')}
      >
        {account.suspended ? t('suspend.reinstate') : t('suspend.suspend')}
      </Button>
      <Suspend account={account} isOpen={isOpen === 'suspension'} close={close} />
      {isOpen === 'correction' && <CorrectBalance account={account} close={close} changed={changed} />}
    </>
  );
}

interface SuspendProps {
  readonly account: Account;
  readonly isOpen: boolean;
  readonly close: () => void;
}

function Suspend({ account: { id, suspended }, isOpen, close }: SuspendProps) {
  const { t } = useTranslation('operators');
  const options = { onSuccess: changed };
  const suspend = api.useMutation('post', '/api/operator/accounts/{id}/suspend', options);
  const reinstate = api.useMutation('post', '/api/operator/accounts/{id}/reinstate', options);
  const act = suspended ? reinstate : suspend;
  return (
    <Confirm
      opened={isOpen}
      onClose={close}
      title={suspended ? t('suspend.reinstateTitle') : t('suspend.suspendTitle')}
      act={suspended ? t('suspend.reinstate') : t('suspend.suspend')}
      isDestructive={!suspended}
      reason={t('suspend.reason')}
      onConfirm={(reason) => act.mutateAsync({ params: { path: { id } }, body: { reason } })}
    >
      {suspended ? t('suspend.whatReinstateDoes') : t('suspend.whatSuspendDoes')}
    </Confirm>
  );
}
