import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSuspenseQuery } from '@tanstack/react-query';
import { api, meQuery, queryClient, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Section } from '../../ui/section.tsx';

const keep = (me: Schema<'Me'>) => queryClient.setQueryData(meQuery.queryKey, me);

/** Who invoices are made out to. */
export function BillingDetails() {
  const { t } = useTranslation('payments');
  const { billing } = useSuspenseQuery(meQuery).data;
  return (
    <Section title={t('billing.title')} description={t('billing.description')}>
      <Form key={JSON.stringify(billing)} billing={billing} />
    </Section>
  );
}

function Form({ billing }: { readonly billing: Schema<'Me'>['billing'] }) {
  const { t } = useTranslation('payments');
  const [name, setName] = useState(billing?.name ?? '');
  const [address, setAddress] = useState(billing?.address.join('\n') ?? '');
  const [taxId, setTaxId] = useState(billing?.tax_id ?? '');
  const set = api.useMutation('put', '/api/me/billing', {
    onSuccess: (me: Schema<'Me'>) => {
      keep(me);
      notifications.show({ color: 'green', message: t('billing.saved') });
    },
  });
  const lines = address.split('\n').flatMap((line) => line.trim() || []);
  const tax = taxId.trim();
  return (
    <Stack
      component="form"
      maw={480}
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ body: { name: name.trim(), address: lines, ...(tax !== '' && { tax_id: tax }) } });
      }}
    >
      <TextInput
        label={t('billing.name')}
        required
        withAsterisk={false}
        autoComplete="organization"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t('billing.address')}
        description={t('billing.addressHow')}
        required
        withAsterisk={false}
        autosize
        minRows={3}
        autoComplete="street-address"
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <TextInput
        label={t('billing.taxId')}
        description={t('billing.taxIdHow')}
        value={taxId}
        onChange={(event) => setTaxId(event.currentTarget.value)}
      />
      <FailureNotice error={set.error} />
      <Group>
        <Button type="submit" loading={set.isPending}>
          {t('billing.save')}
        </Button>
        {billing !== null && <Forget />}
      </Group>
    </Stack>
  );
}

function Forget() {
  const { t } = useTranslation('payments');
  const [isAsking, setIsAsking] = useState(false);
  const forget = api.useMutation('delete', '/api/me/billing', { onSuccess: keep });
  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        {t('billing.forget')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('billing.forgetTitle')}
        act={t('billing.forget')}
        isDestructive
        onConfirm={() => forget.mutateAsync({})}
      >
        {t('billing.forgetText')}
      </Confirm>
    </>
  );
}
