import { Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { financeChanged } from './parts/changed.ts';
import { Facts } from '../../ui/facts.tsx';
import { Person } from './parts/names.tsx';
import { ProposalDecision } from './parts/proposal-decision.tsx';

type Difference = Schema<'ProviderDifference'>;
const RESOLUTIONS = ['book', 'keep'] as const;

export interface ProviderDecisionProps {
  readonly difference: Difference | undefined;
  readonly onClose: () => void;
}

/** Closing a difference with the bill of a provider: one person proposes how, another approves. */
export function ProviderDecision({ difference, onClose }: ProviderDecisionProps) {
  const { t } = useTranslation('finance');
  return (
    <Dialog opened={difference !== undefined} onClose={onClose} title={t('providers.one')}>
      {difference?.state === 'proposed' && <Approve difference={difference} onDone={onClose} />}
      {difference !== undefined && difference.state !== 'proposed' && (
        <Propose difference={difference} onDone={onClose} />
      )}
    </Dialog>
  );
}

interface StepProps {
  readonly difference: Difference;
  readonly onDone: () => void;
}

const doneBy = (onDone: () => void) => async () => {
  onDone();
  await financeChanged();
};

function Propose({ difference, onDone }: StepProps) {
  const { t } = useTranslation('finance');
  const form = useForm({ initialValues: { resolution: 'book' as (typeof RESOLUTIONS)[number], reason: '' } });
  const propose = api.useMutation('post', '/api/finance/provider-differences/{id}/propose', {
    onSuccess: doneBy(onDone),
  });
  const params = { path: { id: difference.id } };
  return (
    <form onSubmit={form.onSubmit((body) => propose.mutate({ params, body }))}>
      <Stack>
        <Explanations difference={difference} />
        <NativeSelect
          label={t('reconciliation.action')}
          data={RESOLUTIONS.map((value) => ({ value, label: t(`providers.resolutions.${value}`) }))}
          {...form.getInputProps('resolution')}
        />
        <Textarea label={t('columns.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
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

function Explanations({ difference }: { readonly difference: Difference }) {
  const { t } = useTranslation('finance');
  if (difference.explanations.length === 0) return <Text size="sm">{t('providers.unexplained')}</Text>;
  return (
    <Stack gap={4}>
      <Text size="sm">{t('providers.explained')}</Text>
      {difference.explanations.map(({ cause, calls, amount }) => (
        <Text key={cause} size="sm">
          {cause.replaceAll('_', ' ')}: {t('providers.callsFor', { count: calls, amount })}
        </Text>
      ))}
    </Stack>
  );
}

function Approve({ difference, onDone }: StepProps) {
  const { t } = useTranslation('finance');
  const approve = api.useMutation('post', '/api/finance/provider-differences/{id}/approve', {
    onSuccess: financeChanged,
  });
  const decline = api.useMutation('post', '/api/finance/provider-differences/{id}/decline', {
    onSuccess: financeChanged,
  });
  const { resolution, reason: why, requested_by: by, proposed_at: at } = difference;
  const params = { path: { id: difference.id } };
  return (
    <Stack>
      <Facts
        facts={[
          [t('reconciliation.action'), resolution === null ? '–' : t(`providers.resolutions.${resolution}`)],
          [t('columns.reason'), why ?? '–'],
          [t('reconciliation.proposedBy'), <Person key="by" id={by} />],
        ]}
      />
      <ProposalDecision
        proposedBy={by}
        act={t('reconciliation.approve')}
        approveDoes={resolution === null ? '' : t(`providers.resolutions.${resolution}`)}
        declineDoes={t('reconciliation.declineDoes')}
        onApprove={(reason) =>
          approve.mutateAsync({ params, body: { reason, ...(at !== null && { proposed_at: at }) } }).then(onDone)
        }
        onDecline={(reason) => decline.mutateAsync({ params, body: { reason } }).then(onDone)}
      />
    </Stack>
  );
}
