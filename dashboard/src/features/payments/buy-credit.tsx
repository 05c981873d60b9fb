import { Button, Checkbox, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { shortMoney } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { moneyChanged } from './changed.ts';
import { type Currency, CurrencyChoice } from './currency-choice.tsx';
import { Presets } from './presets.tsx';
import { Price } from './price.tsx';
import { usePrice } from './use-price.ts';

export function BuyCredit() {
  const { t } = useTranslation('payments');
  const options = api.useQuery('get', '/api/topups/options');
  return (
    <Section title={t('buy.title')} description={t('buy.description', { days: options.data?.refund_window_days ?? 7 })}>
      <QueryState query={options} lines={6}>
        {(offer) => <Form offer={offer} />}
      </QueryState>
    </Section>
  );
}

/** When the browser shows the page that was left as it was then (HTML, "page cache"). */
function usePageBack(act: () => void) {
  useEffect(() => {
    const shown = ({ persisted }: PageTransitionEvent) => persisted && act();
    window.addEventListener('pageshow', shown);
    return () => window.removeEventListener('pageshow', shown);
  }, [act]);
}

/** The amount is one of the presets, or what the customer writes. */
function Form({ offer }: { readonly offer: Schema<'TopupOptions'> }) {
  const { t } = useTranslation('payments');
  const [preset, setPreset] = useState<string | null>(offer.presets[1] ?? offer.floor);
  const [own, setOwn] = useState('');
  const [currency, setCurrency] = useState<Currency>('usd');
  const [saveCard, setSaveCard] = useState(false);
  const { amount, price, fault, error, isLoading, refetch } = usePrice(preset ?? own.trim(), currency);
  const order = api.useMutation('post', '/api/topups', {
    onSuccess: ({ checkout_url: url }: Schema<'OrderedTopup'>) => {
      if (url !== null) return window.location.assign(url);
      // An order that was sent again too late; the next press orders anew.
      notifications.show({ color: 'yellow', message: t('unpaid.gone') });
      return moneyChanged();
    },
    // The price may have changed since it was shown.
    onError: refetch,
  });
  // The checkout takes a while to come: a press until then would order once more.
  const isLeaving = typeof order.data?.checkout_url === 'string';
  usePageBack(order.reset);
  const submit = () => {
    if (price === undefined) return;
    order.mutate({ body: { amount, currency, save_card: saveCard, price_minor: price.price_minor } });
  };
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Presets amounts={offer.presets} chosen={preset} choose={setPreset} />
      {preset === null && (
        <TextInput
          label={t('buy.own')}
          description={t('buy.range', { floor: shortMoney(offer.floor), max: shortMoney(offer.max) })}
          inputMode="decimal"
          autoComplete="off"
          leftSection="$"
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
          error={own.trim() === '' ? undefined : fault}
          maw={280}
          autoFocus
        />
      )}
      <CurrencyChoice label={t('buy.currency')} currencies={offer.currencies} value={currency} onChange={setCurrency} />
      {price !== undefined && <Price price={price} expired={refetch} />}
      {price === undefined && isLoading && <Skeleton height={44} width={280} maw="100%" />}
      <Checkbox
        label={t('buy.saveCard')}
        description={t('buy.saveCardWhy')}
        checked={saveCard}
        onChange={(event) => setSaveCard(event.currentTarget.checked)}
      />
      <FailureNotice error={order.error ?? (preset === null ? null : error)} />
      <Group>
        <Button type="submit" loading={order.isPending || isLeaving} disabled={price === undefined}>
          {price === undefined
            ? t('buy.act')
            : t('buy.pay', { price: shortMoney(price.price, price.currency.toUpperCase()) })}
        </Button>
      </Group>
    </Stack>
  );
}
