import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { ComparedDays } from './compared-days.tsx';
import { ComparisonRun } from './comparison-run.tsx';
import { Tabbed } from './parts/tabbed.tsx';
import { ProviderBills } from './provider-bills.tsx';
import { ReconciliationItems } from './reconciliation-items.tsx';
import type { ReconciliationFilters } from './search-params.ts';
import { BookedTransactions } from './booked-transactions.tsx';

const route = getRouteApi('/person/finance/reconciliation');

export function ReconciliationPage() {
  const navigate = route.useNavigate();
  return (
    <Reconciliation filters={route.useSearch()} setFilters={(search) => void navigate({ search, replace: true })} />
  );
}

export interface ReconciliationProps {
  readonly filters: ReconciliationFilters;
  readonly setFilters: (filters: ReconciliationFilters) => void;
}

/** The ledger against Stripe, and against the bills of providers. */
export function Reconciliation({ filters, setFilters }: ReconciliationProps) {
  const { t } = useTranslation('finance');
  const [isComparing, setIsComparing] = useState(false);
  const set = (change: ReconciliationFilters) => setFilters({ ...filters, ...change });
  return (
    <Page
      title={t('reconciliation.title')}
      description={t('reconciliation.description')}
      actions={<Button onClick={() => setIsComparing(true)}>{t('reconciliation.compare')}</Button>}
    >
      <Tabbed
        label={t('reconciliation.title')}
        value={filters.tab ?? 'items'}
        onChange={(tab) => set({ tab })}
        tabs={[
          {
            key: 'items',
            title: t('reconciliation.tabs.items'),
            content: <ReconciliationItems filters={filters} set={set} />,
          },
          {
            key: 'transactions',
            title: t('reconciliation.tabs.transactions'),
            content: <BookedTransactions filters={filters} set={set} />,
          },
          { key: 'days', title: t('reconciliation.tabs.days'), content: <ComparedDays /> },
          { key: 'providers', title: t('reconciliation.tabs.providers'), content: <ProviderBills /> },
        ]}
      />
      <ComparisonRun opened={isComparing} onClose={() => setIsComparing(false)} />
    </Page>
  );
}
