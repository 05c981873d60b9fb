import { Box, Card, Group, ScrollArea, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { countText } from '../../ui/instant.tsx';
import { LazyChart } from '../../ui/lazy-chart.tsx';
import { Link } from '../../ui/link.tsx';
import { Money, wholeMoney } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Empty } from '../../ui/query-state.tsx';
import { daysAgo } from './usage-search.ts';

/** Each of the last days, as bars and as figures. */
export function SpendByDay({ days }: { readonly days: readonly Schema<'DaySpend'>[] }) {
  const { t } = useTranslation('usage');
  return (
    <Card withBorder component="section">
      <Title order={2} mb="sm">
        {t('overview.byDay')}
      </Title>
      <LazyChart
        label={t('overview.byDay')}
        rows={days.map(({ day, cost }) => ({ day: day.slice(5), cost }))}
        x="day"
        series={[{ key: 'cost', label: t('cost'), color: 'indigo.5' }]}
        format={wholeMoney}
      />
      <details>
        <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
          {t('overview.figures')}
        </Text>
        <ScrollArea.Autosize mah={240}>
          <Table>
            <Table.Tbody>
              {days.toReversed().map(({ day, requests, cost }) => (
                <Table.Tr key={day}>
                  <Table.Th scope="row" fw={400}>
                    {day}
                  </Table.Th>
                  <Table.Td ta="right">{t('calls', { count: requests })}</Table.Td>
                  <Table.Td ta="right">
                    <Money amount={cost} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </details>
    </Card>
  );
}

const MOST_MODELS = 8;

/** The models that cost most. */
export function SpendByModel({ models }: { readonly models: readonly Schema<'ModelSpend'>[] }) {
  const { t } = useTranslation('usage');
  return (
    <Card withBorder component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('overview.byModel')}</Title>
        {models.length > MOST_MODELS && (
          <Link to="/usage" search={{ group: 'model', from: daysAgo(29) }} size="sm">
            {t('overview.allModels')}
          </Link>
        )}
      </Group>
      {models.length === 0 ? (
        <Empty>{t('overview.noSpend')}</Empty>
      ) : (
        <PlainTable
          label={t('overview.byModel')}
          rows={models.slice(0, MOST_MODELS)}
          rowKey={({ model }) => model}
          columns={[
            {
              key: 'model',
              header: t('column.model'),
              cell: ({ model }) => <Box style={{ overflowWrap: 'anywhere' }}>{model}</Box>,
            },
            { key: 'calls', header: t('keys.calls'), isNumeric: true, cell: ({ requests }) => countText(requests) },
            { key: 'cost', header: t('cost'), isNumeric: true, cell: ({ cost }) => <Money amount={cost} /> },
          ]}
        />
      )}
    </Card>
  );
}
