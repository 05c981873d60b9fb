import { Card, Code, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { SLOWLY_MS } from '../../api/live.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import { defined } from '../../ui/address.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { type Call, CallCost, CallState, Milliseconds, Wrapped } from './call-cells.tsx';
import { addressOf, periodOf, type UsageSearch } from './usage-search.ts';

/** Every call, the newest first. */
export function CallsTable({ search }: { readonly search: UsageSearch }) {
  const { t } = useTranslation('usage');
  const { model, key_id, status, request_id } = search;
  const query = defined({ ...periodOf(search), model, key_id, status, request_id });
  const calls = api.useInfiniteQuery(
    'get',
    '/api/charges',
    { params: { query } },
    { ...BY_CURSOR, refetchInterval: SLOWLY_MS },
  );
  const columns = useCallColumns();
  return (
    <Card withBorder component="section">
      <Title order={2} mb="md">
        {t('usage.calls')}
      </Title>
      <PagedTable
        query={calls}
        lines={10}
        name="calls"
        label={t('usage.calls')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={calls.hasNextPage ? t('usage.goOn') : t('usage.noCalls')}
        csv={addressOf('/api/charges', { ...query, format: 'csv' })}
      />
    </Card>
  );
}

const TOKENS = [
  ['prompt', false],
  ['cached', true],
  ['cache_write', true],
  ['completion', false],
  ['reasoning', true],
] as const;

function useCallColumns(): readonly Column<Call>[] {
  const { t } = useTranslation('usage');
  return [
    { key: 'time', header: t('column.time'), cell: (call) => <Instant at={call.created_at} style="second" /> },
    { key: 'model', header: t('column.model'), cell: ({ model }) => <Wrapped text={model} /> },
    { key: 'key', header: t('column.key'), cell: (call) => <Wrapped text={call.key_name ?? call.key_id} /> },
    { key: 'status', header: t('column.status'), cell: (call) => <CallState call={call} /> },
    { key: 'cost', header: t('cost'), cell: (call) => <CallCost call={call} />, isNumeric: true },
    ...TOKENS.map(([kind, isExtra]) => ({
      key: kind,
      header: t(`tokens.${kind}`),
      cell: ({ tokens }: Call) => (tokens === null ? '–' : countText(tokens[kind])),
      isNumeric: true,
      isExtra,
    })),
    {
      key: 'held',
      header: t('column.held'),
      cell: ({ held }) => <Money amount={held} />,
      isNumeric: true,
      isExtra: true,
    },
    { key: 'price', header: t('column.priceVersion'), cell: (call) => countText(call.price_version), isNumeric: true },
    { key: 'provider', header: t('column.provider'), cell: ({ provider }) => provider ?? '–' },
    {
      key: 'latency',
      header: t('column.latency'),
      cell: (call) => <Milliseconds value={call.latency_ms} />,
      isNumeric: true,
    },
    {
      key: 'first',
      header: t('column.firstByte'),
      cell: (call) => <Milliseconds value={call.first_byte_ms} />,
      isNumeric: true,
      isExtra: true,
    },
    {
      key: 'stream',
      header: t('column.stream'),
      cell: ({ stream }) => (stream === null ? '–' : t(stream ? 'yes' : 'no')),
      isExtra: true,
    },
    {
      key: 'request',
      header: t('column.request'),
      cell: ({ request_id: id }) => <Code>{id}</Code>,
      isExtra: true,
    },
  ];
}
