import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant, instantText } from '../../ui/instant.tsx';
import { LazyChart } from '../../ui/lazy-chart.tsx';
import { Money, wholeMoney } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Status } from '../../ui/status.tsx';

type Step = Schema<'PriceStep'>;

const TONES = {
  scheduled: 'waiting',
  in_force: 'good',
  superseded: 'neutral',
} as const;
/** What is drawn, where a model has it. */
const DRAWN = [
  ['input', 'indigo.6'],
  ['output', 'teal.7'],
  ['image', 'indigo.6'],
  ['second', 'indigo.6'],
  ['character', 'indigo.6'],
] as const;

/** What a model cost in every version of the price list, the latest first. */
export function PriceHistory({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation('visitors');
  return (
    <section aria-labelledby="history">
      <Title order={2} id="history" mb="xs">
        {t('history.title')}
      </Title>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('history.text')}
        </Text>
        {steps.length > 1 && <HistoryChart steps={steps} />}
        <PlainTable
          label={t('history.title')}
          rows={steps}
          rowKey={({ version }) => String(version)}
          columns={[
            { key: 'version', header: t('history.version'), cell: ({ version }) => version },
            { key: 'from', header: t('history.from'), cell: ({ effective_from: at }) => <Instant at={at} /> },
            {
              key: 'state',
              header: t('history.state'),
              cell: ({ state }) => <Status tone={TONES[state]}>{t(`history.states.${state}`)}</Status>,
            },
            {
              key: 'changes',
              header: t('history.changes'),
              cell: (step) => <Changes step={step} isFirst={step === steps.at(-1)} />,
            },
          ]}
        />
      </Stack>
    </section>
  );
}

function Changes({ step, isFirst }: { readonly step: Step; readonly isFirst: boolean }) {
  const { t } = useTranslation('visitors');
  if (isFirst) return t(step.bands.length === 0 ? 'history.noPrice' : 'history.first');
  if (step.changes.length === 0) return t('history.same');
  return step.changes.map(({ kind, prompt, when, from, to, percent }) => (
    <Text key={[kind, prompt, when].join()} size="sm">
      {[t(`rate.${kind}`), prompt, when].filter((each) => each !== '').join(' ')}: <Money whole amount={from} /> →{' '}
      <Money whole amount={to} /> {percent !== null && `(${percent})`}
    </Text>
  ));
}

function HistoryChart({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation('visitors');
  const rows = steps.toReversed().map(({ effective_from, version, bands }) => ({
    x: `${instantText(effective_from, 'date')} (${version})`,
    ...Object.fromEntries((bands[0]?.rates ?? []).map(({ kind, usd }) => [kind, usd])),
  }));
  const series = DRAWN.filter(([kind]) => rows.some((row) => kind in row)).map(([key, color]) => ({
    key,
    color,
    label: t(`rate.${key}`),
  }));
  return <LazyChart label={t('history.chart')} rows={rows} x="x" series={series} format={wholeMoney} kind="line" />;
}
