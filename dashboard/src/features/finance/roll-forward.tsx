import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Change } from './parts/balance.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { TextFilter } from './parts/filters.tsx';
import { type BooksProps, periodOf, ReportFilters } from './report-filters.tsx';

const PATH = '/api/finance/books/roll-forward';
type Line = Schema<'RollForwardReport'>['data'][number];

const CHANGES = [
  'topups',
  'bonus',
  'usage',
  'rerated',
  'refunds',
  'expiry',
  'disputes',
  'adjustments',
  'other',
] as const;
const ROWS = ['opening', ...CHANGES, 'closing'] as const;

/** What customers are owed: opening, what changed it, closing; of one account or of all. */
export function RollForward({ filters, set }: BooksProps) {
  const { t } = useTranslation('finance');
  const query = { ...periodOf(filters), account_id: filters.account_id };
  const report = api.useQuery('get', PATH, { params: { query } });
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <ReportFilters filters={filters} set={set} path={PATH} />
        <TextFilter
          label={t('books.ofAccount')}
          value={filters.account_id}
          onChange={(id) => set({ account_id: id })}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {t('books.rollForwardText')}
      </Text>
      <QueryState query={report} lines={12}>
        {({ data }) => <Lines lines={data} />}
      </QueryState>
    </Stack>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const { t } = useTranslation('finance');
  const figure = (line: Line, row: (typeof ROWS)[number]) =>
    row === 'opening' || row === 'closing' ? (
      <Money amount={line[row]} />
    ) : (
      <Change amount={line[row]} currency="usd" />
    );
  return (
    <PlainTable<(typeof ROWS)[number]>
      label={t('books.tabs.roll-forward')}
      rows={ROWS.slice(0, -1)}
      totals={['closing']}
      rowKey={(row) => row}
      columns={[
        { key: 'name', header: t('books.change'), cell: (row) => t(`books.rollForward.${row}`) },
        ...lines.map((line) => ({
          key: line.kind,
          header: t(`books.kinds.${line.kind}`),
          isNumeric: true,
          cell: (row: (typeof ROWS)[number]) => figure(line, row),
        })),
      ]}
    />
  );
}
