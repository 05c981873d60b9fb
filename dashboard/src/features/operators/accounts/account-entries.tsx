import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';

/** Everything that moved the balance, newest first. */
export function AccountEntries({ id }: { readonly id: string }) {
  const { t } = useTranslation('operators');
  const params = { path: { id }, query: {} };
  const entries = api.useInfiniteQuery('get', '/api/operator/accounts/{id}/entries', { params }, BY_CURSOR);
  const columns: Column<Schema<'Entry'>>[] = [
    { key: 'at', header: t('account.at'), cell: ({ at }) => <Instant at={at} style="second" /> },
    { key: 'type', header: t('account.kind'), cell: ({ type }) => t(`account.entryTypes.${type}`) },
    { key: 'amount', header: t('account.change'), isNumeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    {
      key: 'after',
      header: t('account.after'),
      isNumeric: true,
      cell: ({ balance_after: amount }) => <Money amount={amount} />,
    },
    {
      key: 'model',
      header: t('account.model'),
      cell: ({ model }) => (model === null ? '–' : <Code>{model}</Code>),
    },
    {
      key: 'about',
      header: t('account.about'),
      isExtra: true,
      cell: (entry) => <Code>{aboutOf(entry)}</Code>,
    },
  ];
  return (
    <PagedTable
      query={entries}
      lines={8}
      name="operator-entries"
      label={t('account.tabs.entries')}
      columns={columns}
      rowKey={(entry) => entry.id}
      empty={t('account.noEntries')}
    />
  );
}

const aboutOf = (entry: Schema<'Entry'>): string =>
  entry.charge_id ??
  entry.refund_id ??
  entry.dispute_id ??
  entry.adjustment_id ??
  entry.topup_id ??
  entry.lot_id ??
  entry.id;
