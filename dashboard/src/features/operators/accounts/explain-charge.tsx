import { Anchor, Code, Stack, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { inWords } from '../../../app/i18n.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { instantText } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { QueryState } from '../../../ui/query-state.tsx';

type Explanation = Schema<'ChargeExplanation'>;

/** Why a call cost what it cost, on demand. */
export function ExplainCharge({ call: { id } }: { readonly call: Pick<Schema<'Charge'>, 'id'> }) {
  const { t } = useTranslation('operators');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Anchor component="button" type="button" size="sm" onClick={() => setIsOpen(true)}>
        {t('account.explain')}
      </Anchor>
      <Dialog opened={isOpen} onClose={() => setIsOpen(false)} title={t('account.explanation')} size="xl">
        {isOpen && <Explained id={id} />}
      </Dialog>
    </>
  );
}

function Explained({ id }: { readonly id: string }) {
  const explanation = api.useQuery('get', '/api/operator/charges/{id}/explanation', { params: { path: { id } } });
  return (
    <QueryState query={explanation} lines={6}>
      {(shown) => <Lines explanation={shown} />}
    </QueryState>
  );
}

function priceWords(t: TFunction<'operators'>, price: Schema<'ExplainedPrice'>): string {
  const { version, effective_from, prompt_from: from, prompt_to: to, window } = price;
  const since = instantText(effective_from, 'second');
  const words = t(to === null ? 'account.priceFrom' : 'account.priceTo', { version, since, from, to });
  return window === null ? words : `${words} ${t('account.priceWindow', { window })}`;
}

function Lines({
  explanation: { charge_id: id, model, cost_now: cost, price, lines, notes, release_detail: detail = '' },
}: {
  readonly explanation: Explanation;
}) {
  const { t } = useTranslation('operators');
  return (
    <Stack>
      <Text>
        <Code>{id}</Code> · <Code>{model}</Code> · <Money amount={cost} whole />
      </Text>
      {price !== null && <Text>{priceWords(t, price)}</Text>}
      {[...notes, detail].map((note) => (
        <Text key={note}>{inWords(note)}</Text>
      ))}
      <PlainTable
        label={t('account.explanation')}
        rows={lines}
        rowKey={({ kind }) => kind}
        columns={[
          { key: 'kind', header: t('account.kind'), cell: ({ kind }) => <Code>{kind}</Code> },
          { key: 'count', header: t('account.count'), isNumeric: true, cell: ({ count }) => count },
          {
            key: 'rate',
            header: t('account.rate'),
            isNumeric: true,
            cell: ({ rate }) => <Money amount={rate} whole />,
          },
          {
            key: 'amount',
            header: t('account.amount'),
            isNumeric: true,
            cell: ({ amount }) => <Money amount={amount} whole />,
          },
          {
            key: 'provider',
            header: t('account.providerAmount'),
            isNumeric: true,
            cell: ({ provider_amount: amount }) => <Money amount={amount} whole />,
          },
        ]}
      />
    </Stack>
  );
}
