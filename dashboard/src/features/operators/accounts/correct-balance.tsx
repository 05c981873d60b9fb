import { Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { faultOf } from '../../../api/failure.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { useFocusOnFault } from '../../../ui/focus.ts';

type Account = Schema<'AccountAsOf'>;

export interface CorrectBalanceProps {
  readonly account: Pick<Account, 'id'>;
  readonly close: () => void;
  readonly changed: () => Promise<unknown>;
}

const DIRECTIONS = ['credit', 'debit'] as const;

/** Proposes a correction of a balance: somebody else approves it before anything is booked. */
export function CorrectBalance({ account: { id }, close, changed }: CorrectBalanceProps) {
  const { t } = useTranslation('operators');
  const [direction, setDirection] = useState<(typeof DIRECTIONS)[number]>('credit');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const propose = api.useMutation('post', '/api/operator/accounts/{id}/adjustments', {
    onSuccess: async () => {
      notifications.show({ message: t('correct.proposed') });
      await changed();
      close();
    },
  });
  const body = { direction, amount: amount.trim(), reason: reason.trim() };
  const formRef = useFocusOnFault(propose.error);
  const amountFault = faultOf(propose.error, 'amount');
  return (
    <Dialog opened onClose={close} title={t('correct.title')}>
      <form
        ref={formRef}
        onSubmit={(event) => {
          event.preventDefault();
          propose.mutate({ params: { path: { id } }, body });
        }}
      >
        <Stack>
          <Text size="sm">{t('correct.what')}</Text>
          <Radio.Group
            label={t('correct.direction')}
            value={direction}
            onChange={(value) => setDirection(DIRECTIONS.find((each) => each === value) ?? 'credit')}
          >
            <Stack gap="xs" mt="xs">
              {DIRECTIONS.map((each) => (
                <Radio key={each} value={each} label={t(`correct.directions.${each}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label={t('correct.amount')}
            inputMode="decimal"
            required
            value={amount}
            error={amountFault}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <Textarea
            label={t('correct.reason')}
            required
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {amountFault === undefined && <FailureNotice error={propose.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('goBack')}
            </Button>
            <Button type="submit" loading={propose.isPending} disabled={body.amount === '' || body.reason === ''}>
              {t('correct.propose')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
