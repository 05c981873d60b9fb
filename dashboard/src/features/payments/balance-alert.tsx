import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../api/client.ts';
import { faultOf } from '../../api/failure.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Instant } from '../../ui/instant.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { balanceAlertQuery } from './changed.ts';
import { DollarsInput } from './dollars-input.tsx';

type Alert = Schema<'BalanceAlert'>;
const keep = (alert: Alert) => queryClient.setQueryData(balanceAlertQuery.queryKey, alert);

/** A mail when the balance is low. */
export function BalanceAlert() {
  const { t } = useTranslation('payments');
  const query = api.useQuery('get', '/api/balance-alert');
  return (
    <Section title={t('alert.title')} description={t('alert.description')}>
      <QueryState query={query} lines={3}>
        {(alert) => <Form key={alert.threshold} alert={alert} />}
      </QueryState>
    </Section>
  );
}

function Form({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('payments');
  const { enabled, told, told_at: toldAt } = alert;
  const [threshold, setThreshold] = useState(alert.threshold ?? '5.00');
  const set = api.useMutation('put', '/api/balance-alert', { onSuccess: keep });
  const fault = faultOf(set.error, 'threshold');
  const remove = api.useMutation('delete', '/api/balance-alert', { onSuccess: keep });
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ body: { threshold } });
      }}
    >
      <Stack gap={4} align="flex-start">
        <Status tone={enabled ? 'good' : 'neutral'}>{t(enabled ? 'alert.on' : 'alert.off')}</Status>
        {toldAt !== null && (
          <Text size="sm" component="div">
            {t('alert.toldAt')} <Instant at={toldAt} />. {enabled && told && t('alert.told')}
          </Text>
        )}
      </Stack>
      <DollarsInput label={t('alert.threshold')} value={threshold} onChange={setThreshold} error={fault} />
      {fault === undefined && <FailureNotice error={set.error ?? remove.error} />}
      <Group>
        <Button type="submit" loading={set.isPending}>
          {t(enabled ? 'alert.save' : 'alert.switchOn')}
        </Button>
        {enabled && (
          <Button variant="default" onClick={() => remove.mutate({})} loading={remove.isPending}>
            {t('alert.switchOff')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
