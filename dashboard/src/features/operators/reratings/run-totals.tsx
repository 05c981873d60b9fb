import { Code, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { countText } from '../../../ui/instant.tsx';
import { LazyChart } from '../../../ui/lazy-chart.tsx';
import { Link } from '../../../ui/link.tsx';
import { Money, shortMoney } from '../../../ui/money.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { Status } from '../../../ui/status.tsx';

type Totals = Schema<'ReratingTotals'>;
type Sum = Pick<Totals['models'][number], 'charges' | 'charged' | 'due' | 'difference' | 'provider_difference'>;

export interface RunTotalsProps {
  /** A run, or a dry run that recorded nothing. */
  readonly of: 'reratings' | 'reratings/dry-runs';
  readonly id: string;
}

/** What a run changes by model, day and account. */
export function RunTotals({ of, id }: RunTotalsProps) {
  const totals = api.useQuery(
    'get',
    `/api/operator/${of}/{id}/totals`,
    { params: { path: { id } } },
    { staleTime: 60_000, refetchOnWindowFocus: false },
  );
  return (
    <QueryState query={totals} lines={8}>
      {(shown) => (
        <Stack gap="lg">
          <ByModel totals={shown} />
          <ByDay totals={shown} />
          <ByAccount totals={shown} csv={`/api/operator/${of}/${id}/report.csv`} />
        </Stack>
      )}
    </QueryState>
  );
}

function useSums(): Column<Sum>[] {
  const { t } = useTranslation('operators');
  return [
    { key: 'charges', header: t('runs.charges'), isNumeric: true, cell: ({ charges }) => countText(charges) },
    { key: 'charged', header: t('runs.charged'), isNumeric: true, cell: ({ charged }) => <Money amount={charged} /> },
    { key: 'due', header: t('runs.due'), isNumeric: true, cell: ({ due }) => <Money amount={due} /> },
    {
      key: 'difference',
      header: t('runs.difference'),
      isNumeric: true,
      cell: ({ difference }) => <Money amount={difference} />,
    },
    {
      key: 'provider',
      header: t('runs.providerDifference'),
      isNumeric: true,
      cell: ({ provider_difference: amount }) => <Money amount={amount} />,
    },
  ];
}

function useSeries() {
  const { t } = useTranslation('operators');
  return [
    { key: 'charged', label: t('runs.charged'), color: 'indigo.6' },
    { key: 'due', label: t('runs.due'), color: 'teal.6' },
  ];
}

const DRAWN = 10;

function ByModel({ totals: { models } }: { readonly totals: Totals }) {
  const { t } = useTranslation('operators');
  const [sums, series] = [useSums(), useSeries()];
  return (
    <section>
      <Title order={2}>{t('runs.byModel')}</Title>
      <LazyChart
        label={t('runs.byModel')}
        rows={models.slice(0, DRAWN).map(({ model, charged, due }) => ({ model, charged, due }))}
        x="model"
        series={series}
        format={shortMoney}
      />
      <DataTable
        name="operator-rerated-models"
        label={t('runs.byModel')}
        rows={models}
        rowKey={({ model }) => model}
        empty={t('runs.noCharges')}
        columns={[{ key: 'model', header: t('account.model'), cell: ({ model }) => <Code>{model}</Code> }, ...sums]}
      />
    </section>
  );
}

function ByDay({ totals: { days } }: { readonly totals: Totals }) {
  const { t } = useTranslation('operators');
  const [sums, series] = [useSums(), useSeries()];
  if (days.length < 2) return null;
  return (
    <section>
      <Title order={2}>{t('runs.byDay')}</Title>
      <LazyChart
        label={t('runs.byDay')}
        rows={days.map(({ day, charged, due }) => ({ day, charged, due }))}
        x="day"
        series={series}
        format={shortMoney}
      />
      <DataTable
        name="operator-rerated-days"
        label={t('runs.byDay')}
        rows={days}
        rowKey={({ day }) => day}
        empty={t('runs.noCharges')}
        columns={[{ key: 'day', header: t('runs.day'), cell: ({ day }) => day }, ...sums]}
      />
    </section>
  );
}

function ByAccount({ totals: { accounts }, csv }: { readonly totals: Totals; readonly csv: string }) {
  const { t } = useTranslation('operators');
  const sums = useSums();
  return (
    <section>
      <Title order={2}>{t('runs.byAccount')}</Title>
      <DataTable
        name="operator-rerated-accounts"
        label={t('runs.byAccount')}
        rows={accounts}
        rowKey={({ account_id: id }) => id}
        empty={t('runs.noCharges')}
        csv={csv}
        columns={[
          {
            key: 'account',
            header: t('accounts.id'),
            cell: ({ account_id: id }) => (
              <Link to="/operator/accounts/$id" params={{ id }}>
                <Code>{id}</Code>
              </Link>
            ),
          },
          ...sums,
          {
            key: 'balance',
            header: t('accounts.balance'),
            isNumeric: true,
            cell: ({ balance }) => <Money amount={balance} />,
          },
          {
            key: 'below',
            header: t('runs.belowZero'),
            cell: ({ below_zero: isBelow }) => (isBelow ? <Status tone="bad">{t('runs.goesBelow')}</Status> : '–'),
          },
        ]}
      />
    </section>
  );
}
