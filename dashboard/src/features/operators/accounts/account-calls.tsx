import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { Status, type Tone } from '../../../ui/status.tsx';
import { ExplainCharge } from './explain-charge.tsx';

type Call = Schema<'Charge'>;
const TONES: Readonly<Record<Call['status'], Tone>> = { open: 'waiting', charged: 'good', released: 'neutral' };

/** The latest calls, as their owner sees them. */
export function AccountCalls({ id }: { readonly id: string }) {
  const { t } = useTranslation('operators');
  const params = { path: { id }, query: {} };
  const calls = api.useInfiniteQuery('get', '/api/operator/accounts/{id}/charges', { params }, BY_CURSOR);
  const columns: Column<Call>[] = [
    { key: 'at', header: t('account.at'), cell: ({ created_at: at }) => <Instant at={at} style="second" /> },
    { key: 'model', header: t('account.model'), cell: ({ model }) => <Code>{model}</Code> },
    {
      key: 'state',
      header: t('accounts.state'),
      cell: ({ status }) => <Status tone={TONES[status]}>{t(`account.callStates.${status}`)}</Status>,
    },
    { key: 'cost', header: t('account.cost'), isNumeric: true, cell: ({ cost }) => <Money amount={cost} /> },
    { key: 'provider', header: t('account.provider'), cell: ({ provider }) => provider ?? '–' },
    { key: 'key', header: t('account.key'), isExtra: true, cell: ({ key_name: name }) => name ?? '–' },
    {
      key: 'reason',
      header: t('account.released'),
      isExtra: true,
      cell: ({ release_reason: reason }) => (reason === null ? '–' : <Code>{reason}</Code>),
    },
    {
      key: 'request',
      header: t('account.request'),
      isExtra: true,
      cell: ({ request_id }) => <Code>{request_id}</Code>,
    },
    { key: 'explain', header: t('account.why'), cell: (call) => <ExplainCharge call={call} /> },
  ];
  return (
    <PagedTable
      query={calls}
      lines={8}
      name="operator-calls"
      label={t('account.tabs.calls')}
      columns={columns}
      rowKey={(call) => call.id}
      empty={t('account.noCalls')}
    />
  );
}
