import { Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { countText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Change } from './parts/balance.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { type BooksProps, periodOf, ReportFilters } from './report-filters.tsx';

/** Revenue, cost and margin of calls, by model and price version. */
export function Revenue({ filters, set }: BooksProps) {
  const { t } = useTranslation('finance');
  const path = '/api/finance/books/revenue';
  const report = api.useQuery('get', path, { params: { query: periodOf(filters) } });
  return (
    <Stack>
      <ReportFilters filters={filters} set={set} path={path} />
      <QueryState query={report} lines={8} empty={t('books.noCalls')} isEmpty={({ data }) => data.length === 0}>
        {({ data }) => (
          <PlainTable
            label={t('books.tabs.revenue')}
            rows={data}
            rowKey={({ model, price_version: version }) => `${model} ${version}`}
            columns={[
              { key: 'model', header: t('columns.model'), cell: ({ model }) => <Code>{model}</Code> },
              {
                key: 'version',
                header: t('books.version'),
                isNumeric: true,
                cell: ({ price_version: version }) => version ?? t('books.billedOtherwise'),
              },
              { key: 'calls', header: t('providers.calls'), isNumeric: true, cell: ({ calls }) => countText(calls) },
              {
                key: 'rerated',
                header: t('books.rerated'),
                isNumeric: true,
                cell: ({ rerated }) => countText(rerated),
              },
              {
                key: 'revenue',
                header: t('books.revenue'),
                isNumeric: true,
                cell: ({ revenue }) => <Money amount={revenue} />,
              },
              {
                key: 'cost',
                header: t('books.cost'),
                isNumeric: true,
                cell: ({ provider_cost: cost }) => <Money amount={cost} />,
              },
              {
                key: 'margin',
                header: t('books.margin'),
                isNumeric: true,
                cell: ({ margin }) => <Change amount={margin} currency="usd" />,
              },
              {
                key: 'percent',
                header: t('books.marginPercent'),
                isNumeric: true,
                cell: ({ margin_percent: percent }) => (percent === null ? '–' : `${percent} %`),
              },
            ]}
          />
        )}
      </QueryState>
    </Stack>
  );
}

/** Credit that expired, by month. */
export function Breakage({ filters, set }: BooksProps) {
  const { t } = useTranslation('finance');
  const path = '/api/finance/books/breakage';
  const report = api.useQuery('get', path, { params: { query: periodOf(filters) } });
  return (
    <Stack>
      <ReportFilters filters={filters} set={set} path={path} />
      <Text size="sm" c="dimmed">
        {t('books.breakageText')}
      </Text>
      <QueryState query={report} lines={6} empty={t('books.noBreakage')} isEmpty={({ data }) => data.length === 0}>
        {({ data }) => (
          <PlainTable
            label={t('books.tabs.breakage')}
            rows={data}
            rowKey={({ month, kind }) => `${month} ${kind}`}
            columns={[
              { key: 'month', header: t('close.month'), cell: ({ month }) => month },
              { key: 'kind', header: t('books.kind'), cell: ({ kind }) => t(`books.kinds.${kind}`) },
              {
                key: 'expiries',
                header: t('books.expiries'),
                isNumeric: true,
                cell: ({ expiries }) => countText(expiries),
              },
              {
                key: 'amount',
                header: t('columns.amount'),
                isNumeric: true,
                cell: ({ amount }) => <Money amount={amount} />,
              },
            ]}
          />
        )}
      </QueryState>
    </Stack>
  );
}

/** Every account, with its number and meaning. */
export function Chart() {
  const { t } = useTranslation('finance');
  const chart = api.useQuery('get', '/api/finance/books/chart');
  return (
    <QueryState query={chart} lines={12}>
      {({ data }) => (
        <PlainTable
          label={t('books.tabs.chart')}
          rows={data}
          rowKey={({ code }) => code}
          columns={[
            { key: 'code', header: t('books.code'), cell: ({ code }) => code },
            { key: 'account', header: t('books.account'), cell: ({ account }) => <Code>{account}</Code> },
            { key: 'type', header: t('books.type'), cell: ({ type }) => t(`books.types.${type}`) },
            { key: 'meaning', header: t('books.meaning'), cell: ({ description }) => description },
          ]}
        />
      )}
    </QueryState>
  );
}
