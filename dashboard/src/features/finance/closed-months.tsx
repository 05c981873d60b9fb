import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Person, ShortId } from './parts/names.tsx';

type Month = Schema<'AccountingPeriod'>;

/** Months that are closed for good, with what proves it. */
export function ClosedMonths({ months }: { readonly months: readonly Month[] }) {
  const { t } = useTranslation('finance');
  const columns: readonly Column<Month>[] = [
    {
      key: 'month',
      header: t('close.month'),
      cell: ({ id }) => (
        <Link to="/finance/books" search={{ tab: 'trial-balance', to: firstDayAfter(id) }}>
          {id}
        </Link>
      ),
    },
    { key: 'at', header: t('close.closedAt'), cell: ({ decided_at: at }) => <Instant at={at} /> },
    { key: 'proposed', header: t('reconciliation.proposedBy'), cell: ({ proposed_by: id }) => <Person id={id} /> },
    { key: 'approved', header: t('reconciliation.approvedBy'), cell: ({ approved_by: id }) => <Person id={id} /> },
    { key: 'entries', header: t('close.entries'), isNumeric: true, cell: ({ entries }) => countText(entries ?? 0) },
    {
      key: 'open',
      header: t('close.leftOpen'),
      isNumeric: true,
      cell: ({ open_items: count }) => countText(count ?? 0),
    },
    { key: 'reason', header: t('columns.reason'), cell: ({ reason }) => reason ?? '–' },
    { key: 'digest', header: t('close.digest'), isExtra: true, cell: ({ digest }) => <ShortId id={digest} /> },
    {
      key: 'position',
      header: t('close.position'),
      isExtra: true,
      isNumeric: true,
      cell: ({ position }) => position ?? '–',
    },
  ];
  return (
    <DataTable
      name="finance-closed-months"
      label={t('close.closed')}
      columns={columns}
      rows={months}
      rowKey={({ id }) => id}
      empty={t('close.noneClosed')}
    />
  );
}

function firstDayAfter(month: string): string {
  const day = new Date(`${month}-01T00:00:00.000Z`);
  day.setUTCMonth(day.getUTCMonth() + 1);
  return day.toISOString().slice(0, 10);
}
