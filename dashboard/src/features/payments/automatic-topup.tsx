import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCreditCard } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../api/client.ts';
import { faultOf } from '../../api/failure.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { automaticTopupQuery } from './changed.ts';
import { CurrencyChoice } from './currency-choice.tsx';
import { DollarsInput } from './dollars-input.tsx';

type Settings = Schema<'AutomaticTopup'>;
const keep = (settings: Settings) => queryClient.setQueryData(automaticTopupQuery.queryKey, settings);

/** What the form begins with anew, and loses what was typed: not when something was bought meanwhile. */
const savedOf = ({ threshold, amount, monthly_ceiling: ceiling, currency }: Settings) =>
  [threshold, amount, ceiling, currency].join(' ');

/** Topping up by itself with a saved card. */
export function AutomaticTopup() {
  const { t } = useTranslation('payments');
  const query = api.useQuery('get', '/api/automatic-topup');
  return (
    <Section title={t('automatic.title')} description={t('automatic.description')}>
      <QueryState query={query} lines={5}>
        {(settings) => (
          <Stack>
            <Summary settings={settings} />
            {settings.card === null ? (
              <Text size="sm">{t('automatic.noCard')}</Text>
            ) : (
              <>
                <SavedCard card={settings.card} />
                <Form key={savedOf(settings)} settings={settings} />
              </>
            )}
          </Stack>
        )}
      </QueryState>
    </Section>
  );
}

function Summary({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation('payments');
  return (
    <Stack gap={4} align="flex-start">
      <Status tone={settings.enabled ? 'good' : 'neutral'}>
        {t(settings.enabled ? 'automatic.on' : 'automatic.off')}
      </Status>
      {settings.enabled && (
        <Text size="sm" component="div">
          {t('automatic.bought')} <Money amount={settings.bought_this_month} /> {t('automatic.of')}{' '}
          <Money amount={settings.monthly_ceiling} />
        </Text>
      )}
      {settings.under_way !== null && <Text size="sm">{t('automatic.underWay')}</Text>}
    </Stack>
  );
}

function SavedCard({ card }: { readonly card: Schema<'SavedCard'> }) {
  const { t } = useTranslation('payments');
  const [isAsking, setIsAsking] = useState(false);
  const remove = api.useMutation('delete', '/api/automatic-topup/card', { onSuccess: keep });
  return (
    <Group justify="space-between">
      <Group gap="xs" wrap="nowrap">
        <IconCreditCard size={18} aria-hidden />
        <Text size="sm">
          {t('automatic.card', { brand: card.brand, last4: card.last4, month: card.exp_month, year: card.exp_year })}
        </Text>
      </Group>
      <Button size="xs" variant="default" onClick={() => setIsAsking(true)}>
        {t('automatic.remove')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('automatic.removeTitle')}
        act={t('automatic.remove')}
        isDestructive
        onConfirm={() => remove.mutateAsync({})}
      >
        {t('automatic.removeText')}
      </Confirm>
    </Group>
  );
}

function Form({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation('payments');
  const [threshold, setThreshold] = useState(settings.threshold ?? '5.00');
  const [amount, setAmount] = useState(settings.amount ?? '10.00');
  const [ceiling, setCeiling] = useState(settings.monthly_ceiling ?? '50.00');
  const [currency, setCurrency] = useState(settings.currency ?? 'usd');
  const offer = api.useQuery('get', '/api/topups/options').data;
  const set = api.useMutation('put', '/api/automatic-topup', { onSuccess: keep });
  const faults = ['threshold', 'amount', 'monthly_ceiling'].map((name) => faultOf(set.error, name));
  const stop = api.useMutation('delete', '/api/automatic-topup', { onSuccess: keep });
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ body: { threshold, amount, monthly_ceiling: ceiling, currency } });
      }}
    >
      <DollarsInput label={t('automatic.threshold')} value={threshold} onChange={setThreshold} error={faults[0]} />
      <DollarsInput label={t('automatic.amount')} value={amount} onChange={setAmount} error={faults[1]} />
      <DollarsInput
        label={t('automatic.ceiling')}
        description={t('automatic.ceilingWhat')}
        value={ceiling}
        onChange={setCeiling}
        error={faults[2]}
      />
      <CurrencyChoice
        label={t('automatic.currency')}
        currencies={offer?.currencies ?? []}
        value={currency}
        onChange={setCurrency}
      />
      {faults.every((fault) => fault === undefined) && <FailureNotice error={set.error ?? stop.error} />}
      <Group>
        <Button type="submit" loading={set.isPending}>
          {t(settings.enabled ? 'automatic.save' : 'automatic.switchOn')}
        </Button>
        {settings.enabled && (
          <Button variant="default" onClick={() => stop.mutate({})} loading={stop.isPending}>
            {t('automatic.switchOff')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
