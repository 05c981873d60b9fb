import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { faultOf } from '../../api/failure.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { instantText } from '../../ui/instant.tsx';
import { shortMoney } from '../../ui/money.tsx';
import { moneyChanged } from './changed.ts';

type Reason = NonNullable<Schema<'RequestRefund'>['reason']>;
const REASONS = ['not_needed', 'bought_by_mistake', 'not_satisfied', 'other'] as const satisfies readonly Reason[];

/** Asks for unused credit of a top-up back. */
export function RefundRequest({ topup }: { readonly topup: Schema<'Topup'> }) {
  const { t } = useTranslation('payments');
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {t('refund.ask')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('refund.title')}>
        <Form topup={topup} close={close} />
      </Dialog>
    </>
  );
}

function Form({ topup, close }: { readonly topup: Schema<'Topup'>; readonly close: () => void }) {
  const { t } = useTranslation('payments');
  const { t: ui } = useTranslation('ui');
  const { id, refundable, refundable_until: until } = topup;
  const [amount, setAmount] = useState(refundable);
  const [reason, setReason] = useState<Reason>('not_needed');
  const ask = api.useMutation('post', '/api/refunds', {
    onSuccess: async () => {
      await moneyChanged();
      close();
    },
  });
  const fault = faultOf(ask.error, 'amount');
  const most = shortMoney(refundable);
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate({ body: { topup_id: id, amount: amount.trim(), reason } });
      }}
    >
      <Text size="sm">{t('refund.rules', { most, until: until === null ? '' : instantText(until) })}</Text>
      <Text size="sm">{t('refund.what')}</Text>
      <TextInput
        label={t('refund.amount')}
        description={t('refund.upTo', { most })}
        inputMode="decimal"
        leftSection="$"
        required
        withAsterisk={false}
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={fault}
        data-autofocus
      />
      <Select
        label={t('refund.reason')}
        allowDeselect={false}
        value={reason}
        onChange={(value) => setReason(value as Reason)}
        data={REASONS.map((value) => ({ value, label: t(`refund.reasons.${value}`) }))}
      />
      {fault === undefined && <FailureNotice error={ask.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {ui('cancel')}
        </Button>
        <Button type="submit" loading={ask.isPending}>
          {t('refund.act')}
        </Button>
      </Group>
    </Stack>
  );
}
