import { Card, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { SLOWLY_MS } from '../../api/live.ts';
import { defined } from '../../ui/address.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { countText } from '../../ui/instant.tsx';
import { LazyChart } from '../../ui/lazy-chart.tsx';
import { Money, wholeMoney } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Wrapped } from './call-cells.tsx';
import type { UsageFiltersProps } from './usage-filters.tsx';
import { addressOf, drawnOf, GROUPS, periodOf } from './usage-search.ts';

type Line = Schema<'UsageLine'>;
type Group = (typeof GROUPS)[number];

const nameOf = (line: Line): string => line.day ?? line.model ?? (line.key_name || line.key_id) ?? '';

/** Sums by day, model or key: a chart, and a table with the same figures. */
export function UsageReport({ search, change }: UsageFiltersProps) {
  const { t } = useTranslation('usage');
  const { group = 'day', model, key_id } = search;
  const query = defined({ group_by: group, ...periodOf(search), model, key_id });
  const usage = api.useQuery('get', '/api/usage', { params: { query } }, { refetchInterval: SLOWLY_MS });
  return (
    <Card withBorder component="section">
      <Group justify="space-between" mb="md">
        <Title order={2}>{t('usage.sums')}</Title>
        <SegmentedControl
          aria-label={t('usage.groupBy')}
          value={group}
          onChange={(value) => change({ group: value })}
          data={GROUPS.map((value) => ({ value, label: t(`usage.by.${value}`) }))}
        />
      </Group>
      <QueryState query={usage} lines={10}>
        {(data) => (
          <>
            <Text component="div" mb="sm">
              {t('calls', { count: data.total.requests })} · <Money amount={data.total.cost} whole />
            </Text>
            <Bars lines={data.data} group={group} />
            <Sums report={data} group={group} csv={addressOf('/api/usage', { ...query, format: 'csv' })} />
          </>
        )}
      </QueryState>
    </Card>
  );
}

/** A chart of what is drawn of them. */
function Bars({ lines, group }: { readonly lines: readonly Line[]; readonly group: Group }) {
  const { t } = useTranslation('usage');
  if (lines.length === 0) return null;
  const drawn = drawnOf(lines, group);
  return (
    <>
      <LazyChart
        label={t(`usage.chart.${group}`)}
        rows={drawn.map((line) => ({ name: nameOf(line), cost: line.cost }))}
        x="name"
        series={[{ key: 'cost', label: t('cost'), color: 'indigo.5' }]}
        format={wholeMoney}
      />
      {drawn.length < lines.length && (
        <Text size="xs" c="dimmed">
          {t(`usage.drawn.${group}`, { drawn: countText(drawn.length), all: countText(lines.length) })}
        </Text>
      )}
    </>
  );
}

const COUNTS = ['requests', 'prompt_tokens', 'cached_tokens', 'completion_tokens', 'reasoning_tokens'] as const;

interface SumsProps {
  readonly report: Schema<'UsageReport'>;
  readonly group: Group;
  readonly csv: string;
}

function Sums({ report: { data }, group, csv }: SumsProps) {
  const { t } = useTranslation('usage');
  return (
    <DataTable<Line>
      name={`usage-${group}`}
      label={t('usage.sums')}
      rows={group === 'day' ? data.toReversed() : data}
      rowKey={nameOf}
      empty={t('usage.nothing')}
      csv={csv}
      columns={[
        { key: 'name', header: t(`usage.by.${group}`), cell: (line) => <Wrapped text={nameOf(line)} /> },
        ...COUNTS.map((key) => ({
          key,
          header: t(`usage.count.${key}`),
          cell: (line: Line) => countText(line[key]),
          isNumeric: true,
          isExtra: key === 'reasoning_tokens',
        })),
        { key: 'cost', header: t('cost'), cell: ({ cost }) => <Money amount={cost} />, isNumeric: true },
      ]}
    />
  );
}
