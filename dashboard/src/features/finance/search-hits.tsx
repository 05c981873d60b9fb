import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { AccountName } from './parts/names.tsx';

type Hit = Schema<'SearchHit'>;

/** What was found of one type, each with the way to it. */
export function SearchHits({ label, hits }: { readonly label: string; readonly hits: readonly Hit[] }) {
  const { t } = useTranslation('finance');
  return (
    <PlainTable
      label={label}
      rows={hits}
      rowKey={({ type, id }) => `${type} ${id}`}
      columns={[
        { key: 'id', header: t('search.found'), cell: (hit) => <WayTo hit={hit} /> },
        {
          key: 'account',
          header: t('columns.account'),
          cell: ({ type, account_id: id }) => (type === 'account' ? '' : <AccountName id={id} />),
        },
        { key: 'status', header: t('columns.status'), cell: (hit) => <StatusWords hit={hit} /> },
        {
          key: 'amount',
          header: t('columns.amount'),
          isNumeric: true,
          cell: ({ amount, currency }) => <Money amount={amount} currency={currency ?? 'usd'} />,
        },
        { key: 'at', header: t('columns.when'), cell: ({ at }) => <Instant at={at} /> },
      ]}
    />
  );
}

function WayTo({ hit: { type, id, name, topup_id: topup } }: { readonly hit: Hit }) {
  const short = (
    <Text span inherit ff="monospace" size="sm">
      {id.length > 14 ? `${id.slice(0, 10)}…` : id}
    </Text>
  );
  switch (type) {
    case 'account':
      return (
        <Link to="/finance/topups" search={{ account_id: id }}>
          {name ?? short}
        </Link>
      );
    case 'topup':
      return (
        <Link to="/finance/topups/$id" params={{ id }}>
          {short}
        </Link>
      );
    case 'refund':
      return (
        <Link to="/finance/refunds" search={{ refund: id }}>
          {short}
        </Link>
      );
    case 'dispute':
      return (
        <Link to="/finance/disputes" search={{ dispute: id }}>
          {short}
        </Link>
      );
    case 'payout':
      return <Link to="/finance/payouts">{short}</Link>;
    case 'invoice':
      return (
        <Link to="/finance/topups/$id" params={{ id: topup ?? '' }}>
          {short}
        </Link>
      );
    case 'reconciliation_item':
      return (
        <Link to="/finance/reconciliation" search={{ item: id, show: 'all' }}>
          {short}
        </Link>
      );
  }
}

/** How it stands, in the words of its own page. */
function StatusWords({ hit: { type, status } }: { readonly hit: Hit }) {
  const { t } = useTranslation('finance');
  if (status === null) return <span>–</span>;
  const page = {
    topup: 'topups',
    refund: 'refunds',
    dispute: 'disputes',
    payout: 'payouts',
    reconciliation_item: 'reconciliation',
  } as const;
  if (type === 'account' || type === 'invoice') return <span>{status}</span>;
  // The statuses of all of these are texts of their pages.
  return <span>{t(`${page[type]}.status.${status}` as 'topups.status.paid')}</span>;
}
