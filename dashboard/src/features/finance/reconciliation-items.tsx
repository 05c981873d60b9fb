import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { Choice, DayFilter } from './parts/filters.tsx';
import { ShortId } from './parts/names.tsx';
import { comparisonFile } from './parts/pages.ts';
import { isWaiting } from './parts/waiting.ts';
import { Sums } from './parts/sums.tsx';
import { ITEM_TONES } from '../../ui/tones.ts';
import { ItemCase } from './item-case.tsx';
import type { ReconciliationFilters } from './search-params.ts';

type Item = Schema<'ReconciliationItem'>;

export interface ItemsProps {
  readonly filters: ReconciliationFilters;
  readonly set: (change: ReconciliationFilters) => void;
}

/** Transactions that did not agree at some time, those that wait by default. */
export function ReconciliationItems({ filters, set }: ItemsProps) {
  const { t } = useTranslation('finance');
  const show = filters.show ?? 'open';
  const items = api.useInfiniteQuery(
    'get',
    '/api/finance/reconciliation/items',
    { params: { query: { show } } },
    BY_CURSOR,
  );
  const columns = useColumns((item) => set({ item }));
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('reconciliation.itemsText')}
      </Text>
      <PagedTable
        query={items}
        lines={8}
        name="finance-items"
        label={t('reconciliation.tabs.items')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t(show === 'open' ? 'reconciliation.agrees' : 'reconciliation.noItems')}
        filters={<Filters filters={filters} set={set} />}
        csv={comparisonFile(filters)}
      />
      <ItemCase id={filters.item} onClose={() => set({ item: undefined })} />
    </Stack>
  );
}

function Filters({ filters, set }: ItemsProps) {
  const { t } = useTranslation('finance');
  return (
    <>
      <Choice
        label={t('reconciliation.show')}
        value={filters.show === 'all' ? undefined : 'open'}
        choices={['open']}
        name={() => t('reconciliation.onlyOpen')}
        onChange={(show) => set({ show: show ?? 'all' })}
      />
      <DayFilter label={t('reconciliation.csvFrom')} value={filters.from} onChange={(from) => set({ from })} />
      <DayFilter label={t('reconciliation.csvTo')} value={filters.to} onChange={(to) => set({ to })} />
    </>
  );
}

function useColumns(open: (id: string) => void): readonly Column<Item>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'date', header: t('columns.when'), cell: ({ date }) => <Instant at={date} /> },
    { key: 'id', header: t('reconciliation.transaction'), cell: ({ id }) => <ShortId id={id} /> },
    {
      key: 'status',
      header: t('columns.status'),
      cell: ({ status, resolution }) => (
        <Status tone={ITEM_TONES[status]}>
          {isWaiting(resolution) ? t('reconciliation.waits') : t(`reconciliation.status.${status}`)}
        </Status>
      ),
    },
    {
      key: 'age',
      header: t('reconciliation.age'),
      isNumeric: true,
      cell: ({ age_days: count }) => t('days', { count }),
    },
    {
      key: 'stripe',
      header: t('reconciliation.theirs'),
      isNumeric: true,
      cell: ({ stripe }) => <Sums sums={stripe} />,
    },
    { key: 'ours', header: t('reconciliation.ours'), isNumeric: true, cell: ({ ledger }) => <Sums sums={ledger} /> },
    {
      key: 'difference',
      header: t('reconciliation.difference'),
      isNumeric: true,
      cell: ({ difference }) => <Sums sums={difference} />,
    },
    {
      key: 'act',
      header: t('columns.act'),
      cell: ({ id }) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => open(id)}
          aria-label={t('reconciliation.openOf', { id })}
        >
          {t('reconciliation.open')}
        </Button>
      ),
    },
  ];
}
