import { Alert, Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { countText, instantText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { Balance } from './parts/balance.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { type BooksProps, periodOf, ReportFilters } from './report-filters.tsx';

const PATH = '/api/finance/books/trial-balance';
type Report = Schema<'TrialBalanceReport'>;
type Line = Report['totals'][number] & Partial<Report['data'][number]>;

/** The balance of every account as of now or an instant, or over a period; it sums to zero in each currency. */
export function TrialBalance({ filters, set }: BooksProps) {
  const { t } = useTranslation('finance');
  const report = api.useQuery('get', PATH, { params: { query: periodOf(filters) } });
  return (
    <Stack>
      <ReportFilters filters={filters} set={set} path={PATH} />
      <QueryState query={report} lines={12} empty={t('books.empty')} isEmpty={({ data }) => data.length === 0}>
        {(found) => (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              {found.from === null
                ? t('books.asOf', { to: instantText(found.to), entries: countText(found.entries) })
                : t('books.over', {
                    from: instantText(found.from),
                    to: instantText(found.to),
                    entries: countText(found.entries),
                  })}
            </Text>
            {found.balanced ? (
              <Status tone="good">{t('books.balanced')}</Status>
            ) : (
              <Alert color="red" title={t('books.unbalanced')}>
                {t('books.unbalancedText')}
              </Alert>
            )}
            <Lines report={found} />
          </Stack>
        )}
      </QueryState>
    </Stack>
  );
}

function Lines({ report }: { readonly report: Report }) {
  const { t } = useTranslation('finance');
  return (
    <PlainTable<Line>
      label={t('books.tabs.trial-balance')}
      rows={report.data.toSorted((a, b) => a.code.localeCompare(b.code))}
      totals={report.totals}
      rowKey={({ account = 'total', currency }) => `${account} ${currency}`}
      columns={[
        { key: 'code', header: t('books.code'), cell: ({ code }) => code ?? '' },
        {
          key: 'account',
          header: t('books.account'),
          cell: ({ account, currency }) =>
            account === undefined ? t('books.total', { currency }) : <Code>{account}</Code>,
        },
        {
          key: 'type',
          header: t('books.type'),
          cell: ({ type }) => (type === undefined ? '' : t(`books.types.${type}`)),
        },
        { key: 'currency', header: t('columns.currency'), cell: ({ currency }) => currency },
        {
          key: 'opening',
          header: t('books.opening'),
          isNumeric: true,
          cell: ({ opening, currency }) => <Balance amount={opening} currency={currency} />,
        },
        {
          key: 'debits',
          header: t('books.debits'),
          isNumeric: true,
          cell: ({ debits, currency }) => <Money amount={debits} currency={currency} />,
        },
        {
          key: 'credits',
          header: t('books.credits'),
          isNumeric: true,
          cell: ({ credits, currency }) => <Money amount={credits} currency={currency} />,
        },
        {
          key: 'balance',
          header: t('books.closing'),
          isNumeric: true,
          cell: ({ balance, currency }) => <Balance amount={balance} currency={currency} />,
        },
      ]}
    />
  );
}
