import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { Alerts } from './books-alerts.tsx';
import { Breakage, Chart, Revenue } from './books-lists.tsx';
import { InvoicesRegister } from './books-invoices.tsx';
import { RollForward } from './roll-forward.tsx';
import { Tabbed } from './parts/tabbed.tsx';
import type { BooksProps } from './report-filters.tsx';
import { BOOKS_TABS, type BooksFilters } from './search-params.ts';
import { TrialBalance } from './trial-balance.tsx';

const route = getRouteApi('/person/finance/books');

/** The reports of the books, each a pass through the ledger. */
export function BooksPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: BooksFilters) => void navigate({ search: { ...filters, ...change }, replace: true });
  return <Books filters={filters} set={set} />;
}

export function Books({ filters, set }: BooksProps) {
  const { t } = useTranslation('finance');
  const parts = {
    'trial-balance': <TrialBalance filters={filters} set={set} />,
    'roll-forward': <RollForward filters={filters} set={set} />,
    revenue: <Revenue filters={filters} set={set} />,
    breakage: <Breakage filters={filters} set={set} />,
    chart: <Chart />,
    invoices: <InvoicesRegister />,
    alerts: <Alerts />,
  };
  return (
    <Page title={t('books.title')} description={t('books.description')}>
      <Tabbed
        label={t('books.title')}
        value={filters.tab ?? 'trial-balance'}
        onChange={(tab) => set({ tab })}
        tabs={BOOKS_TABS.map((key) => ({ key, title: t(`books.tabs.${key}`), content: parts[key] }))}
      />
    </Page>
  );
}
