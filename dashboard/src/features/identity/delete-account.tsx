import { Checkbox, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRouter } from '@tanstack/react-router';
import { api, sessionChanged } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { ActForm } from './act-form.tsx';
import { type Me, PasswordAgain } from './password-again.tsx';

export interface DeleteAccountProps {
  readonly me: Me;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Says what happens and what credit is left, before an account is closed for good. */
export function DeleteAccount({ me, opened, onClose }: DeleteAccountProps) {
  const { t } = useTranslation('identity');
  const balance = api.useQuery('get', '/api/balance', undefined, { enabled: opened });
  return (
    <Dialog opened={opened} onClose={onClose} title={t('leave.begin')}>
      <Stack>
        <List size="sm" spacing="xs">
          <List.Item>{t('leave.keys')}</List.Item>
          <List.Item>{t('leave.person')}</List.Item>
          <List.Item>{t('leave.ledger')}</List.Item>
        </List>
        <QueryState query={balance} lines={2}>
          {(left) => <LeaveForm me={me} balance={left} />}
        </QueryState>
      </Stack>
    </Dialog>
  );
}

const isPositive = (amount: string): boolean => /[1-9]/.test(amount) && !amount.startsWith('-');

interface LeaveFormProps {
  readonly me: Me;
  readonly balance: { readonly available: string; readonly held: string };
}

function LeaveForm({ me, balance: { available, held } }: LeaveFormProps) {
  const { t } = useTranslation('identity');
  const router = useRouter();
  // A call under way may give back what is held for it.
  const hasCredit = isPositive(available) || isPositive(held);
  const leave = api.useMutation('delete', '/api/me', {
    onSuccess: async () => {
      router.history.replace('/');
      await sessionChanged();
    },
  });
  const act = ({ password }: Readonly<Record<string, string>>) =>
    leave.mutate({
      body: {
        confirm: true,
        ...(password !== undefined && { password }),
        ...(hasCredit && { forfeit_credit: true }),
      },
    });
  return (
    <ActForm act={t('leave.act')} isDestructive work={leave} onAct={act}>
      <Text size="sm" component="div">
        {t('leave.left')} <Money amount={available} />. {hasCredit && t('leave.refundFirst')}
      </Text>
      {hasCredit && <Checkbox required label={t('leave.forfeit')} />}
      <PasswordAgain me={me} />
    </ActForm>
  );
}
