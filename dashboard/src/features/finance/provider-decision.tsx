import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, meQuery, type Schema } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { financeChanged } from './parts/changed.ts';
import { Facts } from './parts/facts.tsx';
import { Person } from './parts/names.tsx';

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
  const me = useSuspenseQuery(meQuery).data;
  const approve = api.useMutation('post', '/api/finance/provider-differences/{id}/approve', {
    onSuccess: doneBy(onDone),
  });
  const { resolution, reason, requested_by: by } = difference;
  const isMine = by === me.user_id;
  return (
    <Stack>
      <Facts
        facts={[
          [t('reconciliation.action'), resolution === null ? '–' : t(`providers.resolutions.${resolution}`)],
          [t('columns.reason'), reason ?? '–'],
          [t('reconciliation.proposedBy'), <Person key="by" id={by} />],
        ]}
      />
      {isMine && <Alert role="note" color="yellow" title={t('secondPerson')} />}
      <FailureNotice error={approve.error} />
      <Group justify="flex-end">
        <Button
          disabled={isMine}
          loading={approve.isPending}
          onClick={() => approve.mutate({ params: { path: { id: difference.id } } })}
        >
          {t('reconciliation.approve')}
        </Button>
      </Group>
    </Stack>
  );
}
