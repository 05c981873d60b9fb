import { Button, Group, NativeSelect, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { faultOf } from '../../api/failure.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useFocusOnFault } from '../../ui/focus.ts';
import { financeChanged } from './parts/changed.ts';

type Item = Schema<'ReconciliationItem'>;

type Action = Schema<'Proposal'>['action'];
const ACTIONS = [
  'explain',
  'foreign_payment',
  'stripe_fee',
  'settle_topup',
  'bank_transfer',
  'write_off',
] as const satisfies readonly Action[];

export interface ItemStepProps {
  readonly item: Item;
  readonly onDone: () => void;
}

/** How to close a difference. Somebody else approves it. */
export function ItemProposal({ item, onDone }: ItemStepProps) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { action: 'explain' as Action, topup_id: '', reason: '', evidence: '' } });
  const propose = api.useMutation('post', '/api/finance/reconciliation/items/{id}/resolve', {
    async onSuccess() {
      onDone();
      await financeChanged();
    },
  });
  const formRef = useFocusOnFault(propose.error);
  const { action } = form.values;
  const send = ({ topup_id: topup, evidence, reason }: typeof form.values) =>
    propose.mutate({
      params: { path: { id: item.id } },
      body: {
        action,
        reason: reason.trim(),
        ...(action === 'settle_topup' && { topup_id: topup.trim() }),
        ...(evidence.trim() !== '' && { evidence: evidence.trim() }),
      },
    });
  return (
    <form ref={formRef} onSubmit={form.onSubmit(send)}>
      <Stack>
        <Title order={2} size="h3">
          {t('reconciliation.resolve')}
        </Title>
        <NativeSelect
          label={t('reconciliation.action')}
          description={t(`reconciliation.effects.${action}`)}
          data={ACTIONS.map((value) => ({ value, label: t(`reconciliation.actions.${value}`) }))}
          {...form.getInputProps('action')}
        />
        {action === 'settle_topup' && (
          <TextInput
            label={t('topups.id')}
            required
            error={faultOf(propose.error, 'topup_id')}
            {...form.getInputProps('topup_id')}
          />
        )}
        <Textarea label={t('columns.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        <TextInput
          label={t('reconciliation.evidence')}
          description={t('reconciliation.evidenceHint')}
          {...form.getInputProps('evidence')}
        />
        <FailureNotice error={propose.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={propose.isPending}>
            {t('reconciliation.propose')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
