import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { countText, listText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { type PlainColumn, PlainTable } from '../../ui/plain-table.tsx';

type Band = Schema<'PriceBand'>;

/** Every rate of a model: by the size of the prompt and, where it depends on it, the time of the week. */
export function RateTable({ bands }: { readonly bands: readonly Band[] }) {
  const { t } = useTranslation('visitors');
  const prompts = usePrompts();
  const rows = bands.flatMap((band) => [
    ...band.rates.map((rate) => ({ rate, prompt: prompts(band), when: t('rates.otherwise') })),
    ...band.windows.flatMap((window) =>
      window.rates.map((rate) => ({
        rate,
        prompt: prompts(band),
        when: `${window.days.length === 7 ? t('rates.daily') : listText(window.days.map((day) => t(`day.${day}`)))} ${window.from}–${window.to} UTC`,
      })),
    ),
  ]);
  const columns: readonly PlainColumn<(typeof rows)[number]>[] = [
    { key: 'what', header: t('rates.what'), cell: ({ rate }) => t(`rate.${rate.kind}`) },
    { key: 'prompt', header: t('rates.prompt'), cell: ({ prompt }) => prompt },
    { key: 'when', header: t('rates.when'), cell: ({ when }) => when },
    { key: 'price', header: t('rates.price'), isNumeric: true, cell: ({ rate }) => <Money whole amount={rate.usd} /> },
    { key: 'unit', header: t('rates.unit'), cell: ({ rate }) => t(`per.${rate.per}`) },
  ];
  const hidden = [bands.length === 1 && 'prompt', bands.every(({ windows }) => windows.length === 0) && 'when'];
  return (
    <PlainTable
      label={t('model.rates')}
      rows={rows}
      rowKey={({ rate, prompt, when }) => [rate.kind, prompt, when].join()}
      columns={columns.filter(({ key }) => !hidden.includes(key))}
    />
  );
}

function usePrompts(): (band: Band) => string {
  const { t } = useTranslation('visitors');
  return ({ min_prompt_tokens: from, max_prompt_tokens: to }) =>
    to === null
      ? t(from === 0 ? 'rates.everyPrompt' : 'rates.promptFrom', { tokens: countText(from) })
      : t('rates.promptTo', { tokens: countText(to) });
}
