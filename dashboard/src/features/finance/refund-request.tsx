import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { faultOf } from '../../api/failure.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useFocusOnFault } from '../../ui/focus.ts';
import { financeChanged } from './parts/changed.ts';

const FIELDS = ['account_id', 'topup_id', 'amount'] as const;
const EMPTY = { account_id: '', topup_id: '', amount: '', reason: '' };
type Wish = typeof EMPTY;

/** What is left empty is not sent. */
const given = ({ account_id, topup_id, amount, reason }: Wish) => ({
  account_id: account_id.trim(),
  ...(topup_id.trim() !== '' && { topup_id: topup_id.trim() }),
  ...(amount.trim() !== '' && { amount: amount.trim() }),
  reason: reason.trim(),
});

/** Asking for a refund on behalf of a customer. */
export function RefundRequest({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const form = useForm<Wish>({ initialValues: EMPTY });
  const ask = api.useMutation('post', '/api/finance/refunds', {
    async onSuccess() {
      form.reset();
      onClose();
      await financeChanged();
    },
  });
  const close = () => {
    ask.reset();
    onClose();
  };
  const formRef = useFocusOnFault(ask.error);
  const field = (name: (typeof FIELDS)[number]) => ({
    error: faultOf(ask.error, name),
    ...form.getInputProps(name, { withError: false }),
  });
  const isAtField = FIELDS.some((name) => faultOf(ask.error, name) !== undefined);
  return (
    <Dialog opened={opened} onClose={close} title={t('refunds.ask')}>
      <form ref={formRef} onSubmit={form.onSubmit((wish) => ask.mutate({ body: given(wish) }))}>
        <Stack>
          <Text size="sm">{t('refunds.askText')}</Text>
          <TextInput label={t('refunds.accountId')} required data-autofocus {...field('account_id')} />
          <TextInput label={t('refunds.topupId')} description={t('refunds.topupHint')} {...field('topup_id')} />
          <TextInput
            label={t('refunds.askAmount')}
            description={t('refunds.amountHint')}
            inputMode="decimal"
            {...field('amount')}
          />
          <Textarea label={t('columns.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
          {!isAtField && <FailureNotice error={ask.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('back')}
            </Button>
            <Button type="submit" loading={ask.isPending}>
              {t('refunds.ask')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
